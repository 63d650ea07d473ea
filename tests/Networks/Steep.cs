using Iqt.Reversible;

namespace Iqt.Tests.Networks;

/// <summary>A function that nothing normalises.</summary>
[ResidualFunction]
public sealed partial class SteepFunction
{
    [Conv3d(32, Kernel = 3, Padding = 1), Conv3d(32, Kernel = 3, Padding = 1), Conv3d(Kernel = 3, Padding = 1)]
    private partial Layers Only { get; }
}

/// <summary>Right, and yet not to be inverted: each block makes much of the rounding of the one before.</summary>
[Network("steep", InputChannels = 4)]
public sealed partial class Steep
{
    /// <summary>Blocks of the stack.</summary>
    [Hyperparameter(1)]
    public partial int Blocks { get; }

    [Stack<SteepFunction>(nameof(Blocks), Coupling = Coupling.Affine)]
    private partial Segment Stack { get; }

    [Conv3d(2)]
    private partial Segment Behind { get; }
}
