namespace Iqt.Diffusion;

/// <summary>Which of NIfTI's two headers a file has.</summary>
public enum NiftiVersion
{
    /// <summary>NIfTI-1 (2004): 348 bytes, axes of at most 32767 voxels.</summary>
    One = 1,

    /// <summary>NIfTI-2 (2011): 540 bytes, wider numbers.</summary>
    Two = 2,
}
