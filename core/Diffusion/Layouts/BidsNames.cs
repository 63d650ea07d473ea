using System.Text.RegularExpressions;

namespace Iqt.Diffusion;

/// <summary>BIDS' names of the files of one acquisition.</summary>
public static partial class BidsNames
{
    private const string Suffix = "_dwi";

    /// <summary>The acquisition of a series, <c>sub-01_ses-2</c> of <c>sub-01_ses-2_dwi.nii.gz</c>; null of a name that is not BIDS'.</summary>
    public static string? Acquisition(string dwi)
    {
        string stem = Path.GetFileName(NiftiPaths.Stem(dwi));
        return stem.EndsWith(Suffix, StringComparison.Ordinal) ? stem[..^Suffix.Length] : null;
    }

    /// <summary>
    /// The names that its brain mask may have. A name has one description: beside <c>sub-01_desc-preproc_dwi.nii.gz</c>
    /// lies <c>sub-01_desc-brain_mask.nii.gz</c>.
    /// </summary>
    internal static string[] Masks(string acquisition) =>
        [.. new[] { acquisition, Description().Replace(acquisition, "") }.Distinct().SelectMany(name => new[] { name + "_desc-brain_mask.nii.gz", name + "_desc-brain_mask.nii" })];

    [GeneratedRegex("_desc-[^_]+")]
    private static partial Regex Description();
}
