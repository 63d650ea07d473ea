namespace Iqt.Diffusion;

/// <summary>
/// BIDS' inheritance: a gradient file of a higher folder applies to every series below whose name holds all of its
/// parts (<c>acq-b1000_dwi.bval</c> at the root to <c>sub-01_acq-b1000_dwi.nii.gz</c>). The nearest folder counts.
/// </summary>
internal static class BidsInheritance
{
    /// <summary>The gradient files of a series.</summary>
    /// <exception cref="GradientException">None apply, or several of one folder do.</exception>
    public static GradientFiles Find(string root, string dwi) =>
        new(Find(root, dwi, ".bval", "b-value"), Find(root, dwi, ".bvec", "direction"));

    private static string Find(string root, string dwi, string extension, string kind)
    {
        string[] parts = Path.GetFileName(NiftiPaths.Stem(dwi)).Split('_');
        string top = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        string beside = NiftiPaths.Stem(dwi) + extension;
        for (string? folder = Path.GetDirectoryName(Path.GetFullPath(dwi)); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string[] fitting = [.. Directory.EnumerateFiles(folder, "*dwi" + extension)
                .Where(file => Path.GetFileNameWithoutExtension(file).Split('_').All(parts.Contains))
                .OrderByDescending(file => Path.GetFileName(file).Split('_').Length)];
            if (fitting.Length > 1 && Parts(fitting[0]) == Parts(fitting[1]))
            {
                throw new GradientException(GradientFault.Missing, $"{dwi}: both {fitting[0]} and {fitting[1]} apply, one {kind} file was expected. Give the series its own.");
            }

            if (fitting.Length > 0)
            {
                return fitting[0];
            }

            if (folder == top)
            {
                break;
            }
        }

        throw new GradientException(GradientFault.Missing, $"{dwi}: no {kind} file applies to it, {beside} or one of a higher folder was expected. Put it there.");
    }

    private static int Parts(string file) => Path.GetFileName(file).Split('_').Length;
}
