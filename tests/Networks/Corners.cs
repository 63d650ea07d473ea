using Iqt.Models;
using Iqt.Reversible;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Tests.Networks;

/// <summary>A stack whose output may be left aside, while its inversion gives back what another layer reads.</summary>
[Network("beside", InputChannels = 4)]
public sealed partial class StackAside
{
    [Conv3d(4)]
    private partial Segment Stem { get; }

    [Output, Conv3d(2)]
    private partial Segment Head { get; }

    [From(nameof(Stem)), Stack<Basic>(4)]
    private partial Segment Aside { get; }

    [Stack<Basic>(2, Coupling = Coupling.Affine)]
    private partial Segment Affine { get; }
}

/// <summary>Affine coupling, and little else that takes memory.</summary>
[Network("scaling", InputChannels = 16)]
public sealed partial class Scaling
{
    [Stack<Basic>(4, Coupling = Coupling.Affine)]
    private partial Segment Stack { get; }

    [Conv3d(2)]
    private partial Segment Head { get; }
}

/// <summary>Nothing in it learns.</summary>
[Network("rearranged", InputChannels = 2)]
public sealed partial class Rearranged
{
    [Squeeze(2), PermuteChannels(ChannelOrder.Reversed)]
    private partial Segment Only { get; }
}

/// <summary>Two stacks in a row, either of which may have no blocks.</summary>
[Network("two-stacks", InputChannels = 4)]
public sealed partial class TwoStacks
{
    /// <summary>Blocks of the first.</summary>
    [Hyperparameter(1)]
    public partial int Before { get; }

    /// <summary>Blocks of the second.</summary>
    [Hyperparameter(1)]
    public partial int Behind { get; }

    [Stack<Basic>(nameof(Before))]
    private partial Segment First { get; }

    [Stack<Basic>(nameof(Behind))]
    private partial Segment Second { get; }
}

/// <summary>A stack whose residual functions throw when they are told to.</summary>
[Network("fragile-stack", InputChannels = 2)]
public sealed partial class FragileFunctions
{
    [Conv3d(4)]
    private partial Segment Stem { get; }

    [Stack<FragileModule>(2)]
    private partial Segment Middle { get; }

    [Conv3d(2)]
    private partial Segment Last { get; }
}

/// <summary>Gives its very input back.</summary>
public sealed class IdleModule() : nn.Module<Tensor, Tensor>(nameof(IdleModule))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input;
}

/// <summary>The same as F and G and as a layer.</summary>
[Network("idle", InputChannels = 4)]
public sealed partial class IdleNetwork
{
    [Stack<IdleModule>(1)]
    private partial Segment Stack { get; }

    [Layer<IdleModule>, Conv3d(2)]
    private partial Segment Last { get; }
}

/// <summary>Overwrites its input in training mode only.</summary>
public sealed class TrainingOverwriter() : nn.Module<Tensor, Tensor>(nameof(TrainingOverwriter))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => training ? input.mul_(2).clone() : input.mul(2);
}

/// <summary>A layer of that kind.</summary>
[Network("training-overwriter", InputChannels = 4)]
public sealed partial class TrainingOverwriterNetwork
{
    [Layer<TrainingOverwriter>]
    private partial Segment Only { get; }
}

/// <summary>Gives another result each time it is called, and its parameter another gradient.</summary>
public sealed class CountingModule : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _scale = new(ones(1));
    private int _calls;

    /// <summary>With one parameter.</summary>
    public CountingModule() : base(nameof(CountingModule)) => RegisterComponents();

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input + _scale * ++_calls;
}

/// <summary>A layer that can't be recomputed.</summary>
[Network("counting", InputChannels = 2)]
public sealed partial class CountingNetwork
{
    [Conv3d(4)]
    private partial Segment Before { get; }

    [Layer<CountingModule>, Conv3d(2)]
    private partial Segment Behind { get; }
}

/// <summary>A stack that can't be inverted.</summary>
[Network("counting-functions", InputChannels = 4)]
public sealed partial class CountingFunctions
{
    [Stack<CountingModule>(1)]
    private partial Segment Stack { get; }

    [Conv3d(2)]
    private partial Segment Behind { get; }
}

/// <summary>Gives another result after its first call.</summary>
public sealed class ForgetfulModule() : nn.Module<Tensor, Tensor>(nameof(ForgetfulModule))
{
    private double _added;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        Tensor result = input + _added;
        _added = 1;
        return result;
    }
}

/// <summary>The same as F and as G.</summary>
[Network("forgetful-functions", InputChannels = 4)]
public sealed partial class ForgetfulFunctions
{
    [Stack<ForgetfulModule>(1)]
    private partial Segment Stack { get; }

    [Conv3d(2)]
    private partial Segment Behind { get; }
}
