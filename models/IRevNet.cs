using Iqt.Reversible;

namespace Iqt.Models;

/// <summary>
/// Fully invertible 3D network after i-RevNet (Jacobsen et al. 2018): stacks of additive blocks between invertible
/// downsamplings, without a single convolution outside of them. Two of theirs, each of one function and a swap of the halves,
/// are one block here. Edges divisible by 4.
/// </summary>
[Network("i-revnet", InputChannels = 2)]
public sealed partial class IRevNet
{
    /// <summary>RevNet blocks per stage.</summary>
    [Hyperparameter(2)]
    public partial int Blocks { get; }

    [Stack<Basic>(nameof(Blocks), Permutation = ChannelOrder.Reversed)]
    private partial Segment Stage1 { get; }

    [Squeeze(2)]
    private partial Segment Down1 { get; }

    [Stack<Bottleneck>(nameof(Blocks), Permutation = ChannelOrder.Interleaved)]
    private partial Segment Stage2 { get; }

    [HaarDownsample]
    private partial Segment Down2 { get; }

    [Stack<Bottleneck>(nameof(Blocks), Permutation = ChannelOrder.Interleaved)]
    private partial Segment Stage3 { get; }
}
