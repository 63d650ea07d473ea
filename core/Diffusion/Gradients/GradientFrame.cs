namespace Iqt.Diffusion;

/// <summary>Axes that directions and tensors refer to.</summary>
public enum GradientFrame
{
    /// <summary>FSL's bvec files: the voxel axes, x flipped if the affine's determinant is positive.</summary>
    Bvec,

    /// <summary>The voxel axes, each in the direction of growing indices.</summary>
    Image,

    /// <summary>NIfTI's scanner axes in mm: x to the right, y to the front, z up. MRtrix works in it.</summary>
    Scanner,
}
