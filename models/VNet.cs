using Iqt.Reversible;

namespace Iqt.Models;

/// <summary>One pre-activated 3³ convolution with instance normalisation, for batches of one.</summary>
[ResidualFunction]
public sealed partial class InstanceNormalized
{
    [InstanceNorm, LeakyRelu, Conv3d(Kernel = 3, Padding = 1)]
    private partial Layers Only { get; }
}

/// <summary>
/// Reversible V-Net for segmentation: Milletari et al. 2016 with RevNet stacks in the place of its residual stages
/// (Brügger et al. 2019 do the same to the U-Net), with three levels of its five and 3³ kernels in the place of 5³. Edges
/// divisible by 4, at least 8.
/// </summary>
[Network("v-net", InputChannels = 1)]
public sealed partial class VNet
{
    /// <summary>RevNet blocks per stage.</summary>
    [Hyperparameter(2)]
    public partial int Blocks { get; }

    /// <summary>Channels of the first level; even.</summary>
    [Hyperparameter(16)]
    public partial int Width { get; }

    /// <summary>Channels of the second level; even.</summary>
    [Hyperparameter(32)]
    public partial int Width2 { get; }

    /// <summary>Channels of the third level; even.</summary>
    [Hyperparameter(64)]
    public partial int Width3 { get; }

    /// <summary>Classes of voxels.</summary>
    [Hyperparameter(2)]
    public partial int Classes { get; }

    [Conv3d(nameof(Width), Kernel = 3, Padding = 1)]
    private partial Segment Stem { get; }

    [Stack<InstanceNormalized>(nameof(Blocks))]
    private partial Segment Encoder1 { get; }

    [Conv3d(nameof(Width2), Kernel = 2, Stride = 2), LeakyRelu]
    private partial Segment Down1 { get; }

    [Stack<InstanceNormalized>(nameof(Blocks))]
    private partial Segment Encoder2 { get; }

    [Conv3d(nameof(Width3), Kernel = 2, Stride = 2), LeakyRelu]
    private partial Segment Down2 { get; }

    [Stack<InstanceNormalized>(nameof(Blocks))]
    private partial Segment Bottom { get; }

    [ConvTranspose3d(nameof(Width2), Kernel = 2, Stride = 2), LeakyRelu]
    private partial Segment Up2 { get; }

    [Concat(nameof(Encoder2), nameof(Up2)), Conv3d(nameof(Width2), Kernel = 1)]
    private partial Segment Merge2 { get; }

    [Stack<InstanceNormalized>(nameof(Blocks))]
    private partial Segment Decoder2 { get; }

    [ConvTranspose3d(nameof(Width), Kernel = 2, Stride = 2), LeakyRelu]
    private partial Segment Up1 { get; }

    [Concat(nameof(Encoder1), nameof(Up1)), Conv3d(nameof(Width), Kernel = 1)]
    private partial Segment Merge1 { get; }

    [Stack<InstanceNormalized>(nameof(Blocks))]
    private partial Segment Decoder1 { get; }

    [Conv3d(nameof(Classes), Kernel = 1)]
    private partial Segment Scores { get; }
}
