namespace Iqt.Diffusion;

/// <summary>The names under which data sets keep the brain mask of a DWI series.</summary>
public static class MaskPaths
{
    /// <summary>HCP's name of the mask, beside <c>data.nii.gz</c>.</summary>
    private const string Hcp = "nodif_brain_mask.nii.gz";

    /// <summary>
    /// The mask that lies beside a series: <c>x_desc-brain_mask.nii[.gz]</c> for <c>x_dwi.nii.gz</c> (BIDS), or
    /// <c>nodif_brain_mask.nii.gz</c> for <c>data.nii.gz</c> (HCP); null if there is none.
    /// </summary>
    public static string? Beside(string dwi)
    {
        string folder = Path.GetDirectoryName(dwi) ?? "";
        string stem = Path.GetFileName(NiftiPaths.Stem(dwi));
        IEnumerable<string> names = stem switch
        {
            "data" => [Hcp],
            _ when stem.EndsWith("_dwi", StringComparison.Ordinal) => BidsNames(stem[..^"_dwi".Length]),
            _ => [],
        };
        return names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>BIDS' names of the mask of an acquisition, <c>sub-01_ses-2</c>.</summary>
    internal static string[] BidsNames(string acquisition) =>
        [acquisition + "_desc-brain_mask.nii.gz", acquisition + "_desc-brain_mask.nii"];
}
