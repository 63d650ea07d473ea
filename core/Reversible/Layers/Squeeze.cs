using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// Space to depth (i-RevNet, Jacobsen et al. 2018): channel ((i·r + j)·r + k)·C + c of an output voxel (z, y, x) is channel c
/// of the input voxel (z·r + i, y·r + j, x·r + k).
/// </summary>
public static class Squeeze
{
    /// <summary>[batch, C, D, H, W] → [batch, r³·C, D/r, H/r, W/r], or the same in 2D with r²; the caller disposes it.</summary>
    /// <exception cref="ArgumentException">An edge is not divisible by r.</exception>
    public static Tensor Apply(Tensor input, int rate) => BlockLayout.ToChannels(input, rate, voxelFirst: true);

    /// <summary>The inverse, and the adjoint.</summary>
    /// <exception cref="ArgumentException">The number of channels is not divisible by r³.</exception>
    public static Tensor Invert(Tensor output, int rate) => BlockLayout.FromChannels(output, rate, voxelFirst: true);
}
