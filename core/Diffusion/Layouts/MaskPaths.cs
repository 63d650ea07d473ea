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
        IEnumerable<string> names = BidsNames.Acquisition(dwi) is { } acquisition ? BidsNames.Masks(acquisition)
            : Path.GetFileName(NiftiPaths.Stem(dwi)) == "data" ? [Hcp]
            : [];
        return names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }
}
