namespace Iqt.Diffusion;

/// <summary>The text files with b-values and directions that belong to a DWI series.</summary>
/// <param name="BValues">The bval file.</param>
/// <param name="Directions">The bvec file.</param>
public sealed record GradientFiles(string BValues, string Directions)
{
    /// <summary>
    /// Finds them beside a series: <c>x_dwi.bval</c> for <c>x_dwi.nii.gz</c> (BIDS), or <c>bvals</c> and
    /// <c>bvecs</c> in the same folder (HCP, FSL).
    /// </summary>
    /// <exception cref="GradientException">Either is missing.</exception>
    public static GradientFiles Beside(string dwi) => new(BValuesBeside(dwi), DirectionsBeside(dwi));

    /// <summary>The bval file beside a series.</summary>
    /// <exception cref="GradientException">There is none.</exception>
    internal static string BValuesBeside(string dwi) => Find(dwi, "b-value", stem => [stem + ".bval", stem + ".bvals", "bvals", "bval"]);

    /// <summary>The bvec file beside a series.</summary>
    /// <exception cref="GradientException">There is none.</exception>
    internal static string DirectionsBeside(string dwi) => Find(dwi, "direction", stem => [stem + ".bvec", stem + ".bvecs", "bvecs", "bvec"]);

    /// <summary>Reads both.</summary>
    /// <exception cref="GradientException">Missing, not numbers, or of different counts.</exception>
    public GradientTable Read()
    {
        double[] bValues = GradientText.ParseBValues(ReadText(BValues, "b-value"), BValues);
        GradientDirection[] directions = GradientText.ParseDirections(ReadText(Directions, "direction"), Directions);
        if (bValues.Length != directions.Length)
        {
            throw new GradientException(GradientFault.DirectionCount, $"{Directions}: {directions.Length} directions were found, {bValues.Length} were expected as in {BValues}. Use the bval and bvec of the same series.");
        }

        return new GradientTable(bValues, directions, Directions, BValues);
    }

    /// <summary>Writes a table as FSL does; each file appears complete or not at all.</summary>
    /// <exception cref="DataException">Can't be written.</exception>
    public void Write(GradientTable table)
    {
        AtomicFile.WriteText(BValues, GradientText.FormatBValues(table.BValues));
        AtomicFile.WriteText(Directions, GradientText.FormatDirections(table.Directions));
    }

    private static string Find(string dwi, string kind, Func<string, string[]> namesOf)
    {
        string folder = Path.GetDirectoryName(dwi) ?? "";
        string[] names = namesOf(Path.GetFileName(NiftiPaths.Stem(dwi)));
        string? found = names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return found ?? throw new GradientException(GradientFault.Missing, $"{dwi}: no {kind} file was found beside it, {names[0]} or {names[2]} was expected. Put it there, or name it (--bval and --bvec, or in a table of paths).");
    }

    private static string ReadText(string path, string kind)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            GradientFault fault = OpeningFault.IsMissing(error) ? GradientFault.Missing : GradientFault.Unreadable;
            throw new GradientException(fault, $"{path}: {OpeningFault.Describe(path, $"a {kind} file", error)}", error);
        }
    }
}
