using Iqt.Reversible;

namespace Iqt.Models;

/// <summary>3D ESPCN (Tanno et al. 2017): three convolutions and a shuffle to twice the resolution.</summary>
[Network("espcn", InputChannels = 6)]
public sealed partial class Espcn
{
    [Conv3d(50, Kernel = 3), Relu]
    private partial Segment Layer1 { get; }

    [Conv3d(100, Kernel = 1), Relu]
    private partial Segment Layer2 { get; }

    [Conv3d(48, Kernel = 3)]
    private partial Segment Layer3 { get; }

    [VoxelShuffle(2)]
    private partial Segment Output { get; }
}
