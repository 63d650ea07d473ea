using Iqt.Models;
using Iqt.Reversible;

namespace Iqt.Tests.Networks;

/// <summary>Hyperparameters decide on channels that a sum, a shuffle, a normalisation, a convolution and a stack make demands on.</summary>
[Network("choices", InputChannels = 4)]
public sealed partial class Choices
{
    /// <summary>Channels of a summand.</summary>
    [Hyperparameter(16)]
    public partial int Width { get; }

    /// <summary>Channels that are shuffled.</summary>
    [Hyperparameter(8)]
    public partial int Voxels { get; }

    /// <summary>Channels that are normalised in groups.</summary>
    [Hyperparameter(4)]
    public partial int Normed { get; }

    /// <summary>Groups of a convolution.</summary>
    [Hyperparameter(2)]
    public partial int Groups { get; }

    /// <summary>Channels of a stack.</summary>
    [Hyperparameter(4)]
    public partial int Stacked { get; }

    [Conv3d(nameof(Width))]
    private partial Segment Stem { get; }

    [Conv3d(16)]
    private partial Segment Merge { get; }

    [Output, Sum(nameof(Stem), nameof(Merge))]
    private partial Segment Total { get; }

    [From("Input"), Conv3d(nameof(Normed)), GroupNorm(2)]
    private partial Segment Normalized { get; }

    [Conv3d(4), Conv3d(4, Groups = nameof(Groups))]
    private partial Segment InGroups { get; }

    [Conv3d(nameof(Stacked))]
    private partial Segment Before { get; }

    [Stack<Grouped>(1)]
    private partial Segment Stack { get; }

    [Conv3d(nameof(Voxels)), VoxelShuffle(2)]
    private partial Segment Shuffled { get; }
}

/// <summary>A U-Net that doubles the resolution: inputs with an odd edge don't fit.</summary>
[Network("even-edges", InputChannels = 6)]
public sealed partial class EvenEdges
{
    [Conv3d(8, Kernel = 3, Padding = 1), Relu]
    private partial Segment Encoder { get; }

    [Conv3d(8, Kernel = 2, Stride = 2), Relu]
    private partial Segment Down { get; }

    [Upsample(2)]
    private partial Segment Up { get; }

    [Concat(nameof(Encoder), nameof(Up)), Conv3d(48)]
    private partial Segment Merge { get; }

    [VoxelShuffle(2)]
    private partial Segment Output { get; }
}

/// <summary>The same with a pooling, which no module stands for. Its skip refuses the odd edges that a pooling alone rounds down.</summary>
[Network("pooled-edges", InputChannels = 6)]
public sealed partial class PooledEdges
{
    [Conv3d(8, Kernel = 3, Padding = 1), Relu]
    private partial Segment Encoder { get; }

    [MaxPool(2), Conv3d(8, Kernel = 3, Padding = 1), Relu]
    private partial Segment Down { get; }

    [Upsample(2)]
    private partial Segment Up { get; }

    [Concat(nameof(Encoder), nameof(Up)), Conv3d(48)]
    private partial Segment Merge { get; }

    [VoxelShuffle(2)]
    private partial Segment Output { get; }
}

/// <summary>Layers that look a few voxels far, each kind of them: even kernels, dilation, interpolation, mirrored padding, a pooling that keeps the size.</summary>
[Network("near-sighted", InputChannels = 6)]
public sealed partial class NearSighted
{
    [Conv3d(6, Kernel = 2, Padding = 1), Silu, Conv3d(8, Kernel = 2), PRelu]
    private partial Segment Low { get; }

    [Stack<Basic, Bottleneck>(1, Coupling = Coupling.Affine)]
    private partial Segment Stack { get; }

    [AvgPool(3, Stride = 1, Padding = 1), Upsample(2, Mode = Resampling.Linear), Softmax]
    private partial Segment Interpolated { get; }

    [Conv3d(6, Kernel = 3, Padding = 2, Dilation = 2, PaddingMode = PaddingMode.Reflect)]
    private partial Segment High { get; }
}

/// <summary>Doubles the resolution of images that are no diffusion tensors.</summary>
[Network("one-channel", InputChannels = 1)]
public sealed partial class OneChannel
{
    [Conv3d(8, Kernel = 3), VoxelShuffle(2)]
    private partial Segment Only { get; }
}
