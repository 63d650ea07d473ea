namespace Iqt.Diffusion;

/// <summary>Subjects of a BIDS data set (raw or preprocessed derivatives).</summary>
public static class BidsLayout
{
    /// <summary>Where series stand.</summary>
    public const string Pattern = "sub-*/[ses-*/]dwi/*_dwi.nii[.gz]";

    /// <summary>
    /// Finds every series. A mask is <c>*_desc-brain_mask.nii.gz</c> of the same stem beside it, or in the same
    /// place below a folder of <c>derivatives</c>.
    /// </summary>
    public static Dataset Find(string root)
    {
        var subjects = new List<SubjectFiles>();
        var skipped = new List<SkippedEntry>();
        foreach (string subject in Folders(root, "sub-*"))
        {
            string[] places = [subject, .. Folders(subject, "ses-*")];
            string[] series = [.. places.Select(place => Path.Combine(place, "dwi")).Where(Directory.Exists).SelectMany(Series)];
            if (series.Length == 0)
            {
                skipped.Add(new SkippedEntry(subject, "has no dwi/*_dwi.nii or .nii.gz"));
            }

            foreach (string dwi in series)
            {
                string name = BidsNames.Acquisition(dwi)!;
                Dataset.Add(subjects, Path.GetFileName(subject), name, dwi, FindMask(root, dwi, name), series => BidsInheritance.Find(root, series));
            }
        }

        return new Dataset(subjects, skipped, DatasetLayout.Bids);
    }

    private static IEnumerable<string> Series(string folder) =>
        Directory.EnumerateFiles(folder)
            .Where(file => file.EndsWith("_dwi.nii.gz", StringComparison.Ordinal) || file.EndsWith("_dwi.nii", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static string? FindMask(string root, string dwi, string name)
    {
        string folder = Path.GetDirectoryName(dwi)!;
        string inside = Path.GetRelativePath(root, folder);
        IEnumerable<string> folders = Folders(Path.Combine(root, "derivatives"), "*").Select(pipeline => Path.Combine(pipeline, inside));
        return folders.Prepend(folder)
            .SelectMany(place => BidsNames.Masks(name).Select(file => Path.Combine(place, file)))
            .FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Folders(string root, string pattern) => Directory.Exists(root)
        ? Directory.EnumerateDirectories(root, pattern).Order(StringComparer.Ordinal)
        : [];
}
