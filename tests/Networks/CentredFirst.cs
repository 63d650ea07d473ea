using Iqt.Reversible;

namespace Iqt.Tests.Networks;

/// <summary>A function that begins with a batch normalisation.</summary>
[ResidualFunction]
public sealed partial class StatisticsFirstFunction
{
    [BatchNorm, Conv2d(Kernel = 3, Padding = 1)]
    private partial Layers Only { get; }
}

/// <summary>Channels without a mean before a batch normalisation: its running mean is nothing but rounding.</summary>
[Network("centred-first", InputChannels = 2, Dimensions = 2)]
public sealed partial class CentredFirst
{
    [InstanceNorm(Affine = false)]
    private partial Segment Centred { get; }

    [Stack<StatisticsFirstFunction>(2, Permutation = ChannelOrder.Reversed)]
    private partial Segment Stack { get; }
}
