using System.Text.Json;
using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>
/// Makes training data of DWI series (<c>iqt prepare</c>). A subject that is prepared already is left alone, so that
/// a preparation that was stopped goes on where it ended.
/// </summary>
public static class Preparation
{
    /// <summary>Prepares subjects, one after the other.</summary>
    /// <param name="subjects">One series a subject.</param>
    /// <param name="settings">The same as before if the folder is there.</param>
    /// <param name="folder">Made if it is missing.</param>
    /// <param name="progress">Told as each subject goes on.</param>
    /// <param name="cancellation">Ends early; finished subjects stay.</param>
    /// <exception cref="PreparedDatasetException">The folder was prepared with other settings.</exception>
    /// <exception cref="DataException">A subject can't be prepared; the message names it.</exception>
    public static PreparedDataset Run(
        IReadOnlyList<SubjectFiles> subjects,
        PreparationSettings settings,
        string folder,
        IProgress<PreparationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        if (settings.Problem is { } problem)
        {
            throw new DataException($"preparation settings: {problem}. Correct it.");
        }

        string[] names = [.. subjects.Select(subject => subject.Name)];
        CheckNames(subjects);
        CheckFolder(folder);
        PreparedDataset.Announce(folder, settings, names);
        for (int i = 0; i < subjects.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var prepared = new PreparedSubject(names[i], Path.Combine(folder, names[i]));
            int number = i + 1;
            if (prepared.Exists)
            {
                progress?.Report(new PreparationProgress(prepared.Id, number, names.Length, 1, Skipped: true));
                continue;
            }

            var part = new PartProgress(value => progress?.Report(new PreparationProgress(prepared.Id, number, names.Length, value, Skipped: false)));
            Prepare(subjects[i], prepared, settings, part, cancellation);
        }

        return PreparedDataset.Open(folder);
    }

    private static void Prepare(SubjectFiles files, PreparedSubject prepared, PreparationSettings settings, IProgress<double> progress, CancellationToken cancellation)
    {
        string parent = Path.GetDirectoryName(Path.GetFullPath(prepared.Folder))!;
        foreach (string leftover in Directory.EnumerateDirectories(parent, $".{prepared.Id}.partial"))
        {
            Directory.Delete(leftover, recursive: true);
        }

        var partial = new PreparedSubject(prepared.Id, Path.Combine(parent, $".{prepared.Id}.partial"));
        try
        {
            SubjectPreparation preparation = SubjectPreparation.Of(files, settings, progress, cancellation);
            Write(preparation, partial);
            Directory.Move(partial.Folder, prepared.Folder);
        }
        catch (Exception error) when (error is DataException or IOException or UnauthorizedAccessException)
        {
            throw new DataException($"subject {prepared.Id}: can't be prepared. {error.Message}", error);
        }
        finally
        {
            if (Directory.Exists(partial.Folder))
            {
                Directory.Delete(partial.Folder, recursive: true);
            }
        }

        progress.Report(1);
    }

    private static void Write(SubjectPreparation preparation, PreparedSubject target)
    {
        SubjectImages images = preparation.Images;
        TensorFile.Write(target.HighResolutionFile, images.HighResolution);
        MaskFile.Write(target.BrainFile, images.Brain);
        TensorFile.Write(target.LowResolutionFile, images.LowResolution);
        MaskFile.Write(target.LowResolutionMaskFile, images.LowResolutionMask);
        images.Patches.Write(target.PatchesFile);
        AtomicFile.WriteText(target.DescriptionFile, JsonSerializer.Serialize(preparation.Description, RunJson.Options) + "\n");
    }

    private static void CheckFolder(string folder)
    {
        bool free = !Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any();
        if (!free && !File.Exists(Path.Combine(folder, "dataset.json")))
        {
            throw new PreparedDatasetException(PreparedDatasetFault.NotPrepared, $"{folder}: holds files but no dataset.json, a new folder or a prepared data set was expected. Choose another folder.");
        }
    }

    private static void CheckNames(IReadOnlyList<SubjectFiles> subjects)
    {
        if (subjects.Count == 0)
        {
            throw new DataException("There are no subjects, at least one was expected. Check the data set.");
        }

        if (subjects.FirstOrDefault(subject => !PreparedSubject.IsName(subject.Name)) is { } odd)
        {
            throw new DataException($"{odd.Dwi}: the subject is called '{odd.Name}', a name of letters, digits, '-', '_' and '.' was expected. Rename it.");
        }

        // Held-out subjects must be other people, which two series of one person would break.
        if (subjects.GroupBy(subject => subject.Subject).FirstOrDefault(group => group.Count() > 1) is { } several)
        {
            throw new DataException($"subject {several.Key}: has {several.Count()} series ({string.Join(", ", several.Select(files => files.Name))}), one was expected. Choose one a subject with a .tsv table of paths.");
        }
    }

    private sealed class PartProgress(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
