using Iqt.Reversible;
using static TorchSharp.torch;

namespace Iqt.Tests.Networks;

/// <summary>Gives half of the channels.</summary>
public sealed class NarrowerModule() : nn.Module<Tensor, Tensor>(nameof(NarrowerModule))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.narrow(1, 0, input.shape[1] / 2);
}

/// <summary>Loses a voxel along one edge.</summary>
public sealed class ShorterModule() : nn.Module<Tensor, Tensor>(nameof(ShorterModule))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.narrow(2, 0, input.shape[2] - 1);
}

/// <summary>Overwrites its input.</summary>
public sealed class OverwritingModule() : nn.Module<Tensor, Tensor>(nameof(OverwritingModule))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.mul_(2).clone();
}

/// <summary>Overwrites its input where autograd does not see it.</summary>
public sealed class HidingModule() : nn.Module<Tensor, Tensor>(nameof(HidingModule))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using (no_grad())
        {
            using Tensor hidden = input.detach();
            hidden.mul_(2).Dispose();
        }

        return input * 2;
    }
}

/// <summary>Does not run at all.</summary>
public sealed class ThrowingModule() : nn.Module<Tensor, Tensor>(nameof(ThrowingModule))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.reshape(7L);
}

/// <summary>Gives another type of numbers than it gets.</summary>
public sealed class ConvertingModule() : nn.Module<Tensor, Tensor>(nameof(ConvertingModule))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.to(ScalarType.Float16);
}

/// <summary>Disposes what is not its own.</summary>
public sealed class DisposingModule() : nn.Module<Tensor, Tensor>(nameof(DisposingModule))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        Tensor output = input * 2;
        input.Dispose();
        return output;
    }
}

/// <summary>Modules whose mistake a check has to name, as F and G and as layers.</summary>
[Network("narrower-function", InputChannels = 4)]
public sealed partial class NarrowerFunction
{
    [Stack<NarrowerModule>(1)]
    private partial Segment Only { get; }
}

/// <summary>The same of a layer.</summary>
[Network("shorter-layer", InputChannels = 4)]
public sealed partial class ShorterLayer
{
    [Layer<ShorterModule>]
    private partial Segment Only { get; }
}

/// <summary>The same of a function that overwrites.</summary>
[Network("overwriting-function", InputChannels = 4)]
public sealed partial class OverwritingFunction
{
    [Stack<OverwritingModule>(1)]
    private partial Segment Only { get; }
}

/// <summary>The same of a layer behind another.</summary>
[Network("hiding-layer", InputChannels = 4)]
public sealed partial class HidingLayer
{
    [Conv3d(4), Layer<HidingModule>]
    private partial Segment Only { get; }
}

/// <summary>The same of a module that throws.</summary>
[Network("throwing-layer", InputChannels = 4)]
public sealed partial class ThrowingLayer
{
    [Layer<ThrowingModule>]
    private partial Segment Only { get; }
}

/// <summary>The same of a layer that gives another type.</summary>
[Network("converting-layer", InputChannels = 4)]
public sealed partial class ConvertingLayer
{
    [Conv3d(4), Layer<ConvertingModule>, Conv3d(4)]
    private partial Segment Only { get; }
}

/// <summary>The same of a function that disposes.</summary>
[Network("disposing-function", InputChannels = 4)]
public sealed partial class DisposingFunction
{
    [Stack<DisposingModule>(1)]
    private partial Segment Only { get; }
}
