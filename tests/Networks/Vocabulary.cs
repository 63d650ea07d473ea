using Iqt.Models;
using Iqt.Reversible;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Tests.Networks;

/// <summary>A module of a user's own, with statistics and random numbers that a recomputation must not disturb.</summary>
public sealed class NoisyModule : nn.Module<Tensor, Tensor>
{
    private readonly BatchNorm3d _norm;
    private readonly Conv3d _conv;
    private readonly Dropout3d _dropout;

    /// <param name="channels">Kept.</param>
    /// <param name="device">Where the parameters lie.</param>
    /// <param name="dtype">Their type.</param>
    public NoisyModule(int channels, Device? device = null, ScalarType? dtype = null) : base(nameof(NoisyModule))
    {
        _norm = nn.BatchNorm3d(channels, device: device, dtype: dtype);
        _conv = nn.Conv3d(channels, channels, 3, padding: 1, device: device, dtype: dtype);
        _dropout = nn.Dropout3d(0.3);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using Tensor normalized = _norm.call(input);
        using Tensor filtered = _conv.call(normalized);
        return _dropout.call(filtered);
    }
}

/// <summary>Maps to another number of channels.</summary>
public sealed class WiderModule : nn.Module<Tensor, Tensor>
{
    private readonly Conv3d _conv;

    /// <param name="inputChannels">Come in.</param>
    /// <param name="outputChannels">Go out.</param>
    /// <param name="dtype">Of the parameters.</param>
    public WiderModule(int inputChannels, int outputChannels, ScalarType? dtype = null) : base(nameof(WiderModule))
    {
        _conv = nn.Conv3d(inputChannels, outputChannels, 1, dtype: dtype);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => _conv.call(input);
}

/// <summary>A residual function with group normalisation, dropout and a learned slope.</summary>
[ResidualFunction]
public sealed partial class Grouped
{
    [GroupNorm(2), PRelu, Dropout(0.2), Conv3d(Kernel = 3, Padding = 2, Dilation = 2, Groups = 2)]
    private partial Layers Only { get; }
}

/// <summary>Skips, sums, several readers of one activation, a stack that reads a join, deep supervision.</summary>
[Network("graph", InputChannels = 2)]
public sealed partial class GraphNetwork
{
    /// <summary>RevNet blocks per stack.</summary>
    [Hyperparameter(2)]
    public partial int Blocks { get; }

    [Conv3d(8, Kernel = 3, Padding = 1)]
    private partial Segment Stem { get; }

    [Stack<Basic>(nameof(Blocks))]
    private partial Segment Encoder { get; }

    [MaxPool(2), Conv3d(8, Kernel = 1), Gelu]
    private partial Segment Pooled { get; }

    [Stack<Bottleneck, Basic>(nameof(Blocks), Coupling = Coupling.Affine)]
    private partial Segment Bottom { get; }

    [Output, Conv3d(3, Kernel = 1)]
    private partial Segment Coarse { get; }

    [From(nameof(Bottom)), ConvTranspose3d(8, Kernel = 2, Stride = 2)]
    private partial Segment Up { get; }

    [Concat(nameof(Encoder), nameof(Up))]
    [Stack<Grouped>(nameof(Blocks), Permutation = ChannelOrder.Interleaved)]
    private partial Segment Decoder { get; }

    [Sum(nameof(Stem), nameof(Up))]
    private partial Segment Shortcut { get; }

    [Concat(nameof(Decoder), nameof(Shortcut)), Conv3d(3, Kernel = 1)]
    private partial Segment Fine { get; }
}

/// <summary>Modules of a user's own as layers and residual functions.</summary>
[Network("modules", InputChannels = 4)]
public sealed partial class ModuleNetwork
{
    [Stack<NoisyModule>(2)]
    private partial Segment Stack { get; }

    [Layer<NoisyModule>]
    private partial Segment Layer { get; }

    [Layer<WiderModule>(6), Elu]
    private partial Segment Wide { get; }
}

/// <summary>Every layer that the other networks leave aside, in a row.</summary>
[Network("parade", InputChannels = 4)]
public sealed partial class Parade
{
    [Conv3d(8, Kernel = 3, Padding = 1, PaddingMode = PaddingMode.Reflect), InstanceNorm, LeakyRelu(0.1)]
    private partial Segment Reflected { get; }

    [Conv3d(8, Kernel = 3, Stride = 2, Padding = 1, PaddingMode = PaddingMode.Replicate), GroupNorm(4), Silu]
    private partial Segment Replicated { get; }

    [AvgPool(3, Stride = 1, Padding = 1), Conv3d(8, Kernel = 2, Groups = 2), Elu(0.7)]
    private partial Segment Averaged { get; }

    [Upsample(2, Mode = Resampling.Linear), Sigmoid]
    private partial Segment Interpolated { get; }

    [VoxelUnshuffle(2), PermuteChannels(ChannelOrder.Interleaved), VoxelShuffle(2)]
    private partial Segment Moved { get; }

    [Backpropagate(SegmentStrategy.Store), Upsample(2), ConvTranspose3d(4, Kernel = 3, Stride = 2, Padding = 1, OutputPadding = 1), Softmax]
    private partial Segment Transposed { get; }
}

/// <summary>Each invertible kind between stacks, in 2D: nothing but the end is kept.</summary>
[Network("invertible", InputChannels = 2, Dimensions = 2)]
public sealed partial class Invertible2d
{
    [Squeeze]
    private partial Segment Down { get; }

    [Stack<Basic2d>(1, Coupling = Coupling.Affine)]
    private partial Segment First { get; }

    [HaarDownsample, PermuteChannels(ChannelOrder.Reversed)]
    private partial Segment Wavelet { get; }

    [Stack<Basic2d>(2, Permutation = ChannelOrder.Reversed)]
    private partial Segment Second { get; }

    [HaarUpsample]
    private partial Segment Back { get; }

    [Unsqueeze]
    private partial Segment Up { get; }
}

/// <summary>ESPCN with stacks before, behind and at the end.</summary>
[Elongate<Espcn>("espcn-elongated")]
public sealed partial class ElongatedEspcn
{
    /// <summary>RevNet blocks per stack.</summary>
    [Hyperparameter(2)]
    public partial int Blocks { get; }

    [Before("Layer1"), Stack<Bottleneck>(nameof(Blocks))]
    private partial Segment Stack1 { get; }

    [After("Layer1"), Stack<Bottleneck>(nameof(Blocks))]
    private partial Segment Stack2 { get; }

    [After("Layer1"), Stack<Bottleneck>(nameof(Blocks))]
    private partial Segment Stack3 { get; }

    [After("Output"), Stack<Bottleneck>(1)]
    private partial Segment Last { get; }
}
