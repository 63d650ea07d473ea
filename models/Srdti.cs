using Iqt.Reversible;

namespace Iqt.Models;

/// <summary>
/// Residual network for super-resolution of diffusion tensors after SRDTI (Tian et al. 2021): the input, interpolated, plus
/// what a deep network adds to it. Theirs maps diffusion-weighted images by plain layers, this one the six tensor elements
/// by RevNet blocks.
/// </summary>
[Network("srdti", InputChannels = 6)]
public sealed partial class Srdti
{
    /// <summary>RevNet blocks.</summary>
    [Hyperparameter(4)]
    public partial int Blocks { get; }

    /// <summary>Channels of the blocks; even.</summary>
    [Hyperparameter(64)]
    public partial int Width { get; }

    [Upsample(2, Mode = Resampling.Linear)]
    private partial Segment Interpolated { get; }

    [Conv3d(nameof(Width), Kernel = 3, Padding = 1), Relu]
    private partial Segment Features { get; }

    [Stack<Basic>(nameof(Blocks))]
    private partial Segment Stack { get; }

    [Conv3d(6, Kernel = 3, Padding = 1)]
    private partial Segment Residual { get; }

    [Sum(nameof(Interpolated), nameof(Residual))]
    private partial Segment Output { get; }
}
