using Iqt.Reversible;

namespace Iqt.Tests.Networks;

/// <summary>The smallest residual function: no normalisation.</summary>
[ResidualFunction]
public sealed partial class Plain
{
    [Relu, Conv3d(Kernel = 3, Padding = 1)]
    private partial Layers Only { get; }
}

/// <summary>Every kind of neighbourhood: two stacks in a row, a stack at the end, hyperparameters everywhere.</summary>
[Network("neighbours", InputChannels = 4)]
public sealed partial class Neighbours
{
    /// <summary>Blocks of the first stack.</summary>
    [Hyperparameter(2)]
    public partial int Blocks { get; }

    /// <summary>Channels behind the first convolution.</summary>
    [Hyperparameter(8)]
    public partial int Width { get; }

    /// <summary>Edge of the first kernel.</summary>
    [Hyperparameter(3)]
    public partial int Edge { get; }

    [Conv3d(nameof(Width), Kernel = nameof(Edge)), BatchNorm, Relu, Conv3d(nameof(Width), Kernel = 1, Bias = false)]
    private partial Segment Encoder { get; }

    [Stack<Plain>(nameof(Blocks))]
    private partial Segment Early { get; }

    [Stack<Models.Bottleneck>(1)]
    private partial Segment Late { get; }

    [Conv3d(16, Kernel = 1), VoxelShuffle(2), Relu]
    private partial Segment Upsample { get; }

    [Stack<Models.Basic>(1)]
    private partial Segment Last { get; }
}

/// <summary>Several activations to keep, and convolutions that need no memory beside them.</summary>
[ResidualFunction]
public sealed partial class Pointwise
{
    [BatchNorm, Relu, Conv3d(Kernel = 1)]
    private partial Layers First { get; }

    [BatchNorm, Relu, Conv3d(Kernel = 1)]
    private partial Layers Second { get; }

    [BatchNorm, Relu, Conv3d(Kernel = 1)]
    private partial Layers Third { get; }
}

/// <summary>Nothing but a stack: the peak of its step is that of a block's way back.</summary>
[Network("stack-only", InputChannels = 64)]
public sealed partial class StackOnly
{
    [Stack<Pointwise>(2)]
    private partial Segment Only { get; }
}

/// <summary>Begins with a segment that has no parameters.</summary>
[Network("plain", InputChannels = 6)]
public sealed partial class PlainNetwork
{
    [Relu]
    private partial Segment Rectified { get; }

    [Stack<Plain>(2)]
    private partial Segment Stack { get; }

    [Conv3d(8, Kernel = 3), Relu]
    private partial Segment Layer { get; }

    [VoxelShuffle(2)]
    private partial Segment Output { get; }
}
