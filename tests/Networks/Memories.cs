using Iqt.Reversible;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Tests.Networks;

/// <summary>Fades in with the steps that it counts: its output depends on a buffer that it changes.</summary>
public sealed class FadingModule : nn.Module<Tensor, Tensor>
{
    private readonly Conv3d _conv;
    private readonly Tensor _steps;

    /// <param name="channels">Of input and output.</param>
    /// <param name="device">Where the parameters lie.</param>
    /// <param name="dtype">Their type.</param>
    public FadingModule(int channels, Device? device = null, ScalarType? dtype = null) : base(nameof(FadingModule))
    {
        _conv = nn.Conv3d(channels, channels, 1, device: device, dtype: dtype);
        _steps = zeros([1], dtype: dtype, device: device);
        register_buffer("steps", _steps);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
        {
            _steps.add_(1);
        }

        Tensor weight = 1 - (-_steps / 4).exp();
        return (_conv.call(input) * weight).MoveToOuterDisposeScope();
    }
}

/// <summary>Drops some of its input: as many numbers are drawn as that has, in its order.</summary>
public sealed class DroppingModule : nn.Module<Tensor, Tensor>
{
    private readonly Dropout _dropout = nn.Dropout(0.3);
    private readonly Conv3d _conv;

    /// <param name="channels">Of input and output.</param>
    /// <param name="device">Where the parameters lie.</param>
    /// <param name="dtype">Their type.</param>
    public DroppingModule(int channels, Device? device = null, ScalarType? dtype = null) : base(nameof(DroppingModule))
    {
        _conv = nn.Conv3d(channels, channels, 1, device: device, dtype: dtype);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using Tensor dropped = _dropout.call(input);
        return _conv.call(dropped);
    }
}

/// <summary>Modules that a repetition has to find as the first run did.</summary>
[Network("memories", InputChannels = 4)]
public sealed partial class Memories
{
    [Conv3d(4, Kernel = 3, Padding = 1), Layer<FadingModule>]
    private partial Segment Before { get; }

    [Stack<FadingModule, DroppingModule>(2)]
    private partial Segment Additive { get; }

    [Conv3d(4), Layer<DroppingModule>]
    private partial Segment Between { get; }

    [Stack<DroppingModule, FadingModule>(2, Coupling = Coupling.Affine)]
    private partial Segment Affine { get; }

    [Conv3d(4)]
    private partial Segment Behind { get; }
}
