using Iqt.Reversible.Adjoints;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>A module of the user's own as a residual function.</summary>
/// <typeparam name="TModule">The module; keeps the shape of its input.</typeparam>
public sealed class ModuleFunction<TModule> : ResidualFunction
    where TModule : nn.Module<Tensor, Tensor>
{
    private readonly ModuleLayer<TModule> _layer;

    /// <param name="module">Owned from here.</param>
    /// <param name="channels">Half of the stack's.</param>
    /// <param name="device">Where the network's parameters lie, and from here the module's.</param>
    /// <param name="dtype">Their type, from here the module's too.</param>
    public ModuleFunction(TModule module, int channels, Device? device = null, ScalarType? dtype = null) : base(typeof(TModule).Name)
    {
        _layer = new ModuleLayer<TModule>(module, channels, device, dtype, "A residual function keeps channels and size");
        register_module("layer", _layer);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Reversible.Layers> Groups => [new(typeof(TModule).Name, typeof(TModule).Name)];

    /// <summary>The last one that the module registered, null if there is none.</summary>
    public override Convolution? LastConvolution => modules().OfType<Convolution>().LastOrDefault();

    /// <inheritdoc/>
    public override Tensor Apply(Tensor input, Execution execution) => _layer.Apply(input, execution);

    /// <inheritdoc/>
    public override Tensor Run(Tensor input, Tape tape) => _layer.Apply(input, tape.Execution);

    /// <inheritdoc/>
    public override Tensor? Backward(Tensor input, Tape tape, Tensor gradient, bool wantInputGradient) =>
        OperationAdjoint.Backward(_layer.Apply, input, gradient, tape, wantInputGradient);
}
