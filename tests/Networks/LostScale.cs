using Iqt.Reversible;

namespace Iqt.Tests.Networks;

/// <summary>
/// A scale that the normalisation behind it takes out again, but for its epsilon: the loss hardly depends on it, and differences of
/// the loss by the step that suits other segments are rounding.
/// </summary>
[Network("lost-scale", InputChannels = 1)]
public sealed partial class LostScale
{
    [Conv3d(1, Bias = false)]
    private partial Segment Scale { get; }

    [Conv3d(4, Kernel = 2, Padding = 1), GroupNorm(4, Epsilon = 1e-8)]
    private partial Segment Normalized { get; }

    [Conv3d(6)]
    private partial Segment Output { get; }
}
