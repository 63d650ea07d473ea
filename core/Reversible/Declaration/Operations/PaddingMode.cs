namespace Iqt.Reversible;

/// <summary>What stands in the padding of a convolution.</summary>
public enum PaddingMode
{
    /// <summary>Zeros.</summary>
    Zeros,

    /// <summary>The image mirrored at its border voxels.</summary>
    Reflect,

    /// <summary>The border voxels repeated.</summary>
    Replicate,
}
