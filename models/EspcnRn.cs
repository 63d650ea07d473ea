using Iqt.Reversible;

namespace Iqt.Models;

/// <summary>3D ESPCN with a RevNet stack before each layer (Blumberg et al. 2018, Fig. 3).</summary>
[Network("espcn-rn", InputChannels = 6)]
public sealed partial class EspcnRn
{
    /// <summary>RevNet blocks per stack.</summary>
    [Hyperparameter(4)]
    public partial int Blocks { get; }

    [Stack<Bottleneck>(nameof(Blocks))]
    private partial Segment Stack1 { get; }

    [Conv3d(50, Kernel = 3), Relu]
    private partial Segment Layer1 { get; }

    [Stack<Bottleneck>(nameof(Blocks))]
    private partial Segment Stack2 { get; }

    [Conv3d(100, Kernel = 1), Relu]
    private partial Segment Layer2 { get; }

    [Stack<Bottleneck>(nameof(Blocks))]
    private partial Segment Stack3 { get; }

    [Conv3d(48, Kernel = 3)]
    private partial Segment Layer3 { get; }

    [VoxelShuffle(2)]
    private partial Segment Output { get; }
}
