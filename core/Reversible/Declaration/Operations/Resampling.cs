namespace Iqt.Reversible;

/// <summary>How an upsampling finds values between voxels.</summary>
public enum Resampling
{
    /// <summary>That of the voxel they lie in.</summary>
    Nearest,

    /// <summary>Bilinear in 2D, trilinear in 3D; voxels are cells whose corners coincide.</summary>
    Linear,
}
