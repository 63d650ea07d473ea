using Iqt.Reversible;

namespace {{Name}};

/// <summary>Doubles the resolution of an image with six channels, such as a diffusion tensor image.</summary>
[Network("{{NetworkName}}", InputChannels = 6)]
public sealed partial class {{Name}}Network
{
    /// <summary>RevNet blocks per stack: the memory of a training step does not grow with them.</summary>
    [Hyperparameter(2)]
    public partial int Blocks { get; }

    [Stack<Bottleneck>(nameof(Blocks))]
    private partial Segment Stack1 { get; }

    [Conv3d(32, Kernel = 3), Relu]
    private partial Segment Layer1 { get; }

    [Stack<Bottleneck>(nameof(Blocks))]
    private partial Segment Stack2 { get; }

    // 48 channels at low resolution become 6 at twice the resolution: a voxel shuffle divides by 2³.
    [Conv3d(48, Kernel = 3)]
    private partial Segment Layer2 { get; }

    [VoxelShuffle(2)]
    private partial Segment Output { get; }
}
