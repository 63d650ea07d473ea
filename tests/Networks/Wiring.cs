using Iqt.Models;
using Iqt.Reversible;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Tests.Networks;

/// <summary>Activations with several readers, some of which can bring them back: stacks, squeezes, a sum into a stack.</summary>
[Network("fork", InputChannels = 2)]
public sealed partial class Fork
{
    [Stack<Plain>(2)]
    private partial Segment First { get; }

    [Conv3d(2, Kernel = 3, Padding = 1), Relu]
    private partial Segment Beside { get; }

    [From(nameof(First)), Squeeze]
    private partial Segment Folded { get; }

    [Stack<Plain>(1)]
    private partial Segment Inside { get; }

    [Unsqueeze]
    private partial Segment Unfolded { get; }

    [Sum(nameof(Beside), nameof(Unfolded)), Stack<Basic>(1)]
    private partial Segment Total { get; }

    [Output, From("Input"), Squeeze]
    private partial Segment FoldedInput { get; }

    [Output, PermuteChannels(ChannelOrder.Reversed)]
    private partial Segment Mirrored { get; }

    [From(nameof(Total)), HaarDownsample]
    private partial Segment Wavelet { get; }

    [Concat(nameof(Mirrored), nameof(Folded), nameof(Wavelet)), Conv3d(3, Kernel = 1)]
    private partial Segment Last { get; }
}

/// <summary>Stacks that read each other's outputs, with outputs of the network among them.</summary>
[Network("chain", InputChannels = 2)]
public sealed partial class Chain
{
    [Conv3d(4, Kernel = 3, Padding = 1)]
    private partial Segment Stem { get; }

    [Stack<Plain>(1)]
    private partial Segment A { get; }

    [Output, Stack<Basic>(1)]
    private partial Segment B { get; }

    [Backpropagate(SegmentStrategy.Recompute), Stack<Plain>(2)]
    private partial Segment C { get; }

    [Output, PermuteChannels(ChannelOrder.Same)]
    private partial Segment Middle { get; }

    [Stack<Plain>(1, Coupling = Coupling.Affine)]
    private partial Segment D { get; }

    [Concat(nameof(A), nameof(C), nameof(D))]
    private partial Segment Joined { get; }

    [Backpropagate(SegmentStrategy.Store), Stack<Plain>(1)]
    private partial Segment E { get; }

    [Sum(nameof(Joined), nameof(E)), Backpropagate(SegmentStrategy.Store), Conv3d(2, Kernel = 1)]
    private partial Segment Last { get; }
}

/// <summary>Throws when it is told to, and, in one graph, when its weight was written to since.</summary>
public sealed class FragileModule : nn.Module<Tensor, Tensor>
{
    /// <param name="channels">Kept.</param>
    public FragileModule(int channels) : base(nameof(FragileModule))
    {
        Conv = nn.Conv3d(channels, channels, 1);
        register_module("conv", Conv);
    }

    /// <summary>Whether the next run throws.</summary>
    public bool Fails { get; set; }

    /// <summary>What it does.</summary>
    public Conv3d Conv { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Fails ? throw new InvalidOperationException("It was told to fail.") : Conv.call(input);
}

/// <summary>A fragile layer in the middle, between stacks and under a skip.</summary>
[Network("fragile", InputChannels = 2)]
public sealed partial class FragileNetwork
{
    [Stack<Basic>(1)]
    private partial Segment Before { get; }

    [Layer<FragileModule>]
    private partial Segment Middle { get; }

    [Stack<Basic>(1)]
    private partial Segment Behind { get; }

    [Concat(nameof(Before), nameof(Behind)), Conv3d(2, Kernel = 1)]
    private partial Segment Last { get; }
}

/// <summary>A small graph of everything: for thousands of steps.</summary>
[Network("knot", InputChannels = 2)]
public sealed partial class Knot
{
    [Stack<Plain>(1)]
    private partial Segment A { get; }

    [Output, Conv3d(2, Kernel = 1), BatchNorm, Dropout(0.1)]
    private partial Segment B { get; }

    [Sum(nameof(A), nameof(B)), PermuteChannels(ChannelOrder.Reversed)]
    private partial Segment C { get; }

    [Concat(nameof(A), nameof(C)), Conv3d(1, Kernel = 1)]
    private partial Segment D { get; }
}

/// <summary>The ESPCN-RN, declared as the elongation of the ESPCN that it is.</summary>
[Elongate<Espcn>("espcn-rn-elongated")]
public sealed partial class ElongatedToEspcnRn
{
    /// <summary>RevNet blocks per stack.</summary>
    [Hyperparameter(4)]
    public partial int Blocks { get; }

    [Before("Layer1"), Stack<Bottleneck>(nameof(Blocks))]
    private partial Segment Stack1 { get; }

    [Before("Layer2"), Stack<Bottleneck>(nameof(Blocks))]
    private partial Segment Stack2 { get; }

    [After("Layer2"), Stack<Bottleneck>(nameof(Blocks))]
    private partial Segment Stack3 { get; }
}

/// <summary>A network that was compiled elsewhere, with hyperparameters, joins and two inputs, deepened in both paths and behind the join.</summary>
[Elongate<DeepMedic>("deeper-medic")]
public sealed partial class DeeperMedic
{
    /// <summary>RevNet blocks of the further stacks.</summary>
    [Hyperparameter(2)]
    public partial int More { get; }

    [After("Detail2"), Stack<Bottleneck>(nameof(More))]
    private partial Segment DetailMore { get; }

    [After("Surrounding2"), Stack<Basic>(nameof(More))]
    private partial Segment SurroundingMore { get; }

    [Before("Joined"), Stack<Bottleneck>(nameof(More), Coupling = Coupling.Affine)]
    private partial Segment JoinMore { get; }
}

/// <summary>The same of a network with several outputs and affine stacks, of this compilation.</summary>
[Elongate<GraphNetwork>("deeper-graph")]
public sealed partial class DeeperGraph
{
    [After("Stem"), Stack<Basic>(2)]
    private partial Segment StemMore { get; }

    [After("Bottom"), Stack<Bottleneck>(1)]
    private partial Segment BottomMore { get; }

    [Before("Shortcut"), Stack<Bottleneck>(1)]
    private partial Segment ShortcutMore { get; }
}

/// <summary>An elongation that can't start as the identity: its stack leaves channels permuted.</summary>
[Elongate<Espcn>("espcn-permuted")]
public sealed partial class PermutedEspcn
{
    [After("Layer1"), Stack<Bottleneck>(2, Permutation = ChannelOrder.Reversed)]
    private partial Segment Stack { get; }
}

/// <summary>Takes no edge below six voxels, as its mirrored padding needs.</summary>
[ResidualFunction]
public sealed partial class FarMirrored
{
    [Relu, Conv3d(Kernel = 11, Padding = 5, PaddingMode = PaddingMode.Reflect)]
    private partial Layers Only { get; }
}

/// <summary>An elongation by a stack of them.</summary>
[Elongate<Espcn>("espcn-mirrored")]
public sealed partial class MirroredEspcn
{
    [Before("Layer1"), Stack<FarMirrored>(1)]
    private partial Segment Stack { get; }
}

/// <summary>An elongation by layers, which can't be the identity.</summary>
[Elongate<Espcn>("espcn-widened")]
public sealed partial class LayeredEspcn
{
    [After("Layer1"), Conv3d(50, Kernel = 1), Relu]
    private partial Segment Layer { get; }
}
