namespace Iqt.Diffusion;

/// <summary>What was passed over in a data set, and why.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Reason">In words for the user.</param>
public sealed record SkippedEntry(string Path, string Reason);

/// <summary>The subjects of a data set: a BIDS folder, an HCP folder, or a table of paths.</summary>
/// <param name="Subjects">In ordinal order of their names (a table: in its order).</param>
/// <param name="Skipped">What was passed over.</param>
/// <param name="Layout">How it is laid out.</param>
public sealed record Dataset(IReadOnlyList<SubjectFiles> Subjects, IReadOnlyList<SkippedEntry> Skipped, DatasetLayout Layout)
{
    /// <summary>Finds the subjects; the layout is told by what is there.</summary>
    /// <param name="path">A folder, or a table with the ending .tsv.</param>
    /// <exception cref="DataException">Nothing there, or nothing usable.</exception>
    public static Dataset Find(string path)
    {
        if (File.Exists(path))
        {
            return path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase)
                ? PathTable.Read(path)
                : throw new DataException($"{path}: a folder in BIDS or HCP layout or a .tsv table of paths was expected. Name one.");
        }

        if (!Directory.Exists(path))
        {
            throw new DataException($"{path}: does not exist; a folder in BIDS or HCP layout or a .tsv table of paths was expected. Check the path.");
        }

        Dataset bids = BidsLayout.Find(path);
        Dataset dataset = bids.Subjects.Count > 0 ? bids : HcpLayout.Find(path);
        if (dataset.Subjects.Count > 0)
        {
            return dataset;
        }

        if (SubjectFolder.DatasetAbove(path) is { } above)
        {
            throw new DataException($"{path}: this is one subject's folder, one that holds folders of subjects was expected. Name the one above, {above}, or a .tsv table of paths that lists the subject alone.");
        }

        string skipped = string.Concat(bids.Skipped.Concat(dataset.Skipped).Take(5).Select(entry => $"\n  skipped {entry.Path}: {entry.Reason}"));
        throw new DataException($"{path}: no subject was found; {BidsLayout.Pattern} (BIDS) or {HcpLayout.Pattern} (HCP) was expected. Check the folder or name a .tsv table of paths.{skipped}");
    }

    /// <summary>Adds an acquisition, with its <see cref="SubjectFiles.Problem"/> where gradient files are missing: nobody is left out unseen.</summary>
    internal static void Add(List<SubjectFiles> subjects, string subject, string name, string dwi, string? mask, Func<string, GradientFiles> gradients)
    {
        try
        {
            subjects.Add(new SubjectFiles(subject, name, dwi, gradients(dwi), mask));
        }
        catch (GradientException error)
        {
            subjects.Add(new SubjectFiles(subject, name, dwi, new GradientFiles("", ""), mask) { Problem = error.Message });
        }
    }
}
