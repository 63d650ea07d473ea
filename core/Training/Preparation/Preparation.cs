using System.Collections.Concurrent;
using System.Text.Json;
using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>
/// Makes training data of DWI series (<c>iqt prepare</c>), several subjects at once within a bound on memory. A subject
/// that is prepared already is left alone, and one that was not finished is begun again, so that a preparation that was
/// stopped or killed goes on where it ended and comes to the same files.
/// </summary>
public static class Preparation
{
    /// <summary>Prepares subjects within the usual limits; the first that can't be prepared ends it.</summary>
    /// <exception cref="PreparedDatasetException">The folder was prepared with other settings, or a subject from other files.</exception>
    /// <exception cref="SubjectException">A subject can't be prepared; the message names it.</exception>
    /// <exception cref="DataException">There are no subjects, their names can't be folders', or none could be prepared.</exception>
    public static PreparedDataset Run(
        IReadOnlyList<SubjectFiles> subjects,
        PreparationSettings settings,
        string folder,
        IProgress<PreparationProgress>? progress = null,
        CancellationToken cancellation = default) =>
        Run(subjects, settings, folder, new PreparationLimits(), progress, null, cancellation).Dataset;

    /// <summary>Prepares subjects.</summary>
    /// <param name="subjects">One series a subject.</param>
    /// <param name="settings">The same as before if the folder is there.</param>
    /// <param name="folder">Made if it is missing.</param>
    /// <param name="limits">What may be used, and what a broken subject does.</param>
    /// <param name="progress">Told as subjects go on.</param>
    /// <param name="planned">Told how many subjects will be prepared at once, if any are left to prepare.</param>
    /// <param name="cancellation">Ends early; finished subjects stay.</param>
    /// <exception cref="PreparedDatasetException">The folder was prepared with other settings, or a subject from other files.</exception>
    /// <exception cref="SubjectException">A subject can't be prepared; the message names it.</exception>
    /// <exception cref="DataException">There are no subjects, their names can't be folders', or none could be prepared.</exception>
    public static PreparationResult Run(
        IReadOnlyList<SubjectFiles> subjects,
        PreparationSettings settings,
        string folder,
        PreparationLimits limits,
        IProgress<PreparationProgress>? progress = null,
        Action<PreparationPlan>? planned = null,
        CancellationToken cancellation = default)
    {
        if (settings.Problem is { } problem)
        {
            throw new DataException($"preparation settings: {problem}. Correct it.");
        }

        string[] names = [.. subjects.Select(subject => subject.Name)];
        CheckNames(subjects);
        CheckFiles(subjects, folder, limits.KeepGoing);
        using PreparationFolder held = PreparationFolder.Take(folder);
        StaleSubject[] stale = limits.KeepGoing ? [.. PreparationSources.Stale(subjects, folder)] : [];
        if (!limits.KeepGoing)
        {
            PreparationSources.Check(subjects, folder);
        }

        PreparedDataset.Announce(folder, settings, names);
        var tally = new PreparationTally(names, progress);
        var pending = new List<int>();
        for (int i = 0; i < subjects.Count; i++)
        {
            if (new PreparedSubject(names[i], Path.Combine(folder, names[i])).Exists)
            {
                tally.Skip(i);
            }
            else
            {
                pending.Add(i);
            }
        }

        SubjectDescription[] prepared = [];
        FailedSubject[] failed = [];
        if (pending.Count > 0)
        {
            PreparationPlan plan = PreparationPlan.Of(pending.Select(i => subjects[i]), settings, limits with { Jobs = Math.Min(limits.Jobs, pending.Count) });
            planned?.Invoke(plan);
            (prepared, failed) = PrepareAll([.. pending.Select(i => (subjects[i], tally.Of(i)))], settings, folder, plan, limits.KeepGoing, cancellation);
        }

        PreparedDataset.Remove(folder, [.. failed.Select(subject => subject.Subject)]);
        return failed.Length < subjects.Count
            ? new PreparationResult(PreparedDataset.Open(folder), prepared, failed, stale)
            : throw new DataException($"{folder}: none of the {subjects.Count} subjects could be prepared, at least one was expected. The first, {failed[0].Subject}: {failed[0].Reason}");
    }

    private static (SubjectDescription[] Prepared, FailedSubject[] Failed) PrepareAll(
        (SubjectFiles Files, IProgress<double> Progress)[] subjects,
        PreparationSettings settings,
        string folder,
        PreparationPlan plan,
        bool keepGoing,
        CancellationToken cancellation)
    {
        var prepared = new ConcurrentDictionary<int, SubjectDescription>();
        var failures = new ConcurrentDictionary<int, DataException>();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = plan.Jobs, CancellationToken = ending.Token };
        try
        {
            // One after the other from the front, so that what is finished is the beginning of the list.
            Parallel.ForEach(Partitioner.Create(Enumerable.Range(0, subjects.Length), EnumerablePartitionerOptions.NoBuffering), parallel, i =>
            {
                try
                {
                    prepared[i] = Prepare(subjects[i].Files, settings, folder, plan.SignalMemory, subjects[i].Progress, ending.Token);
                }
                catch (DataException error)
                {
                    failures[i] = error;
                    if (!keepGoing)
                    {
                        ending.Cancel();
                    }
                }
            });
        }
        catch (OperationCanceledException) when (!failures.IsEmpty && !cancellation.IsCancellationRequested)
        {
            // The failure that ended it is the one to tell.
        }

        if (!keepGoing && !failures.IsEmpty)
        {
            int first = failures.Keys.Min();
            throw CannotPrepare(subjects[first].Files, failures[first]);
        }

        return ([.. prepared.OrderBy(subject => subject.Key).Select(subject => subject.Value)],
            [.. failures.OrderBy(failure => failure.Key).Select(failure => new FailedSubject(subjects[failure.Key].Files.Name, failure.Value.Message))]);
    }

    private static SubjectDescription Prepare(SubjectFiles files, PreparationSettings settings, string folder, long signalMemory, IProgress<double> progress, CancellationToken cancellation)
    {
        var partial = new PreparedSubject(files.Name, PreparationFolder.Unfinished(folder, files.Name));
        SubjectDescription description;
        try
        {
            SubjectPreparation preparation = SubjectPreparation.Of(files, settings, signalMemory, progress, cancellation);
            description = preparation.Description;
            Write(preparation, partial);
            Directory.Move(partial.Folder, Path.Combine(folder, files.Name));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException(error.Message, error);
        }
        finally
        {
            if (Directory.Exists(partial.Folder))
            {
                Directory.Delete(partial.Folder, recursive: true);
            }
        }

        PreparationMemory.Release();
        progress.Report(1);
        return description;
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

    // What is known to be missing is told before hours are spent on the others.
    private static void CheckFiles(IReadOnlyList<SubjectFiles> subjects, string folder, bool keepGoing)
    {
        if (!keepGoing && subjects.FirstOrDefault(files => files.Problem is not null && !new PreparedSubject(files.Name, Path.Combine(folder, files.Name)).Exists) is { } absent)
        {
            throw CannotPrepare(absent, new DataException(absent.Problem!));
        }
    }

    private static SubjectException CannotPrepare(SubjectFiles files, DataException error) => new(files.Name, $"subject {files.Name}: can't be prepared. {error.Message}", error);

    private static void CheckNames(IReadOnlyList<SubjectFiles> subjects)
    {
        if (subjects.Count == 0)
        {
            throw new DataException("There are no subjects, at least one was expected. Check the data set.");
        }

        if (subjects.Select(subject => SubjectNames.Problem(subject, subjects)).FirstOrDefault(problem => problem is not null) is { } problem)
        {
            throw new DataException(problem);
        }
    }
}
