using Iqt.Reversible;

namespace Iqt.Models;

/// <summary>
/// The residual function of the paper's RevNet blocks: pre-activated 1³, 3³ and 1³ convolutions (He et al.
/// 2016, in 3D) on half the channels.
/// </summary>
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
