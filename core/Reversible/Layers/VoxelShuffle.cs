using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// The shuffle between low- and high-resolution space (paper, section 2). Channel c·r³ + (i·r + j)·r + k of a low-resolution
/// voxel (z, y, x) is channel c of the high-resolution voxel (z·r + i, y·r + j, x·r + k), the order of PyTorch's
/// <c>pixel_shuffle</c> in 2D.
/// </summary>
public static class VoxelShuffle
{
    /// <summary>[batch, r³·C, D, H, W] → [batch, C, r·D, r·H, r·W], or the same in 2D with r²; the caller disposes it.</summary>
    /// <exception cref="ArgumentException">The number of channels is not divisible by r³.</exception>
    public static Tensor Apply(Tensor input, int rate) => BlockLayout.FromChannels(input, rate, voxelFirst: false);

    /// <summary>The inverse, and the adjoint.</summary>
    /// <exception cref="ArgumentException">An edge is not divisible by r.</exception>
    public static Tensor Invert(Tensor output, int rate) => BlockLayout.ToChannels(output, rate, voxelFirst: false);
}
