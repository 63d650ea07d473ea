namespace Iqt.Diffusion;

/// <summary>Names of NIfTI files: .nii for header and samples together, .hdr with .img for a pair, each also with .gz.</summary>
public static class NiftiPaths
{
    private static readonly string[] Endings = [".nii.gz", ".nii", ".hdr.gz", ".hdr", ".img.gz", ".img"];

    /// <summary>Whether a name ends as NIfTI files do.</summary>
    public static bool IsNifti(string path) => Ending(path) is not null;

    /// <summary>The path without its ending: what sidecars and gradient files share with the image.</summary>
    public static string Stem(string path) => Ending(path) is { } ending ? path[..^ending.Length] : Path.ChangeExtension(path, null);

    /// <summary>The file that holds the header: the .hdr of an .img, else the file itself.</summary>
    internal static string Header(string path) => Ending(path) is ".img" or ".img.gz"
        ? Existing(Stem(path) + ".hdr", Stem(path) + ".hdr.gz")
        : path;

    /// <summary>The file that holds the samples of a pair.</summary>
    /// <exception cref="NiftiException">The name is not that of a pair, or the .img is missing.</exception>
    internal static string Samples(string header)
    {
        if (Ending(header) is not (".hdr" or ".hdr.gz"))
        {
            throw new NiftiException(NiftiFault.Header, header, "is the header of a .hdr/.img pair by its magic bytes, but is not named .hdr. Give both files their names, or convert them to a single file, for example with fslchfiletype NIFTI_GZ.");
        }

        string samples = Existing(Stem(header) + ".img", Stem(header) + ".img.gz");
        return File.Exists(samples)
            ? samples
            : throw new NiftiException(NiftiFault.Missing, header, $"is the header of a pair, {samples} or .img.gz was expected beside it and is not there. Put both files into one folder.");
    }

    internal static string? Ending(string path) =>
        Endings.FirstOrDefault(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static string Existing(string plain, string compressed) =>
        !File.Exists(plain) && File.Exists(compressed) ? compressed : plain;
}
