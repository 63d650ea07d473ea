using Iqt.Reversible;

namespace {{Name}};

/// <summary>What a block adds to one half of the channels, computed from the other half.</summary>
[ResidualFunction]
public sealed partial class Bottleneck
{
    [BatchNorm, Relu, Conv3d(Kernel = 1)]
    private partial Layers Reduce { get; }

    [BatchNorm, Relu, Conv3d(Kernel = 3, Padding = 1)]
    private partial Layers Spatial { get; }

    [BatchNorm, Relu, Conv3d(Kernel = 1)]
    private partial Layers Expand { get; }
}
