using Iqt.Reversible;

namespace Iqt.Models;

/// <summary>
/// The basic residual function of RevNets (Gomez et al. 2017, in 3D): two pre-activated 3³ convolutions.
/// </summary>
[ResidualFunction]
public sealed partial class Basic
{
    [BatchNorm, Relu, Conv3d(Kernel = 3, Padding = 1)]
    private partial Layers First { get; }

    [BatchNorm, Relu, Conv3d(Kernel = 3, Padding = 1)]
    private partial Layers Second { get; }
}
