namespace Iqt.Diffusion;

/// <summary>Tells a folder of one subject, or one within it, from a data set.</summary>
internal static class SubjectFolder
{
    // 100307/T1w/Diffusion, sub-01/ses-2/dwi.
    private const int Deepest = 3;

    /// <summary>The data set that a folder is a part of, written as the folder is, or null if it is no part of one.</summary>
    public static string? DatasetAbove(string path)
    {
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string? above = folder;
        for (int i = 0; i < Deepest; i++)
        {
            above = Path.GetDirectoryName(above);
            if (above is null)
            {
                return null;
            }

            if (HoldsSeries(above, folder + Path.DirectorySeparatorChar))
            {
                return Path.IsPathRooted(path) ? above : Path.GetRelativePath(Directory.GetCurrentDirectory(), above);
            }
        }

        return null;
    }

    private static bool HoldsSeries(string root, string within)
    {
        try
        {
            return new[] { BidsLayout.Find(root), HcpLayout.Find(root) }
                .SelectMany(found => found.Subjects.Select(files => files.Dwi).Concat(found.Skipped.Select(entry => entry.Path)))
                .Any(file => file.StartsWith(within, StringComparison.Ordinal));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Whoever named a folder need not have the right to look above it.
            return false;
        }
    }
}
