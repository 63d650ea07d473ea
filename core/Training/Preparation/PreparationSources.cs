using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>Whether finished subjects were prepared from the files that their data set has now.</summary>
internal static class PreparationSources
{
    /// <summary>Those that were prepared from others.</summary>
    /// <exception cref="DataException">A subject.json is damaged.</exception>
    public static IEnumerable<StaleSubject> Stale(IEnumerable<SubjectFiles> subjects, string folder)
    {
        foreach (SubjectFiles files in subjects)
        {
            var prepared = new PreparedSubject(files.Name, Path.Combine(folder, files.Name));
            if (prepared.Describe() is { } description && Difference(description, files) is { } difference)
            {
                yield return new StaleSubject(files.Name, prepared.Folder, difference);
            }
        }
    }

    /// <exception cref="PreparedDatasetException">One was prepared from others.</exception>
    /// <exception cref="DataException">A subject.json is damaged.</exception>
    public static void Check(IEnumerable<SubjectFiles> subjects, string folder)
    {
        if (Stale(subjects, folder).FirstOrDefault() is { } stale)
        {
            throw new PreparedDatasetException(
                PreparedDatasetFault.OtherFiles,
                $"{folder}: {stale.Subject} was prepared {stale.Reason}. Remove {stale.Folder} or name another folder.");
        }
    }

    private static string? Difference(SubjectDescription found, SubjectFiles files) => (found.Mask, files.Mask) switch
    {
        _ when !Same(found.Dwi, files.Dwi) => $"with {found.Dwi}, and {files.Dwi} is there now",
        (null, { } now) => $"with a computed mask, and {now} is there now",
        ({ } before, null) => $"with {before}, and none is there now",
        ({ } before, { } now) when !Same(before, now) => $"with {before}, and {now} is there now",
        _ when found.Contents?.Changed(files) is { } changed => $"before {changed} was changed",
        _ => null,
    };

    // A data set that was moved, or is named from another folder, keeps the names of its files, and the old paths lead nowhere.
    private static bool Same(string before, string now) =>
        Path.GetFullPath(before) == Path.GetFullPath(now) || (Path.GetFileName(before) == Path.GetFileName(now) && !File.Exists(before));
}
