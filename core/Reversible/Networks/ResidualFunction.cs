using Iqt.Reversible.Adjoints;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// F or G of a RevNet block: keeps the shape [batch, channels, depth, height, width] of its input. Classes
/// marked <see cref="ResidualFunctionAttribute"/> derive from it by generated code.
/// </summary>
public abstract class ResidualFunction : nn.Module<Tensor, Tensor>, IAdjointFunction, ISizeKeeping
{
    /// <param name="name">The declaring class's name.</param>
    protected ResidualFunction(string name) : base(name)
    {
    }

    /// <summary>The groups of layers in the order in which they run.</summary>
    public abstract IReadOnlyList<Layers> Groups { get; }

    /// <summary>
    /// The last convolution, whose weight and bias are zero in a block that starts as the identity; null if
    /// there is none.
    /// </summary>
    public abstract TorchSharp.Modules.Convolution? LastConvolution { get; }

    /// <summary>The sizes that it takes: it keeps them all, but may need a shortest edge.</summary>
    public virtual SpatialMap Sizes => SpatialMap.Identity;

    /// <summary>Its layers as generated code runs them; of a user's module one step around which autograd runs.</summary>
    /// <param name="channels">Of input and output: half of the stack's.</param>
    public virtual IReadOnlyList<LayerStep> Steps(int channels) => [new(LayerForm.Graph, channels, channels) { LeavesChannelsFirst = true, HasParameters = true }];

    /// <summary>Applies the function as part of one graph, the reference; the caller disposes the result.</summary>
    /// <param name="input">[batch, channels, depth, height, width].</param>
    /// <param name="execution">The run of the step.</param>
    public abstract Tensor Apply(Tensor input, Execution execution);

    /// <inheritdoc/>
    public abstract Tensor Run(Tensor input, Tape tape);

    /// <inheritdoc/>
    public abstract Tensor? Backward(Tensor input, Tape tape, Tensor gradient, bool wantInputGradient);

    /// <inheritdoc/>
    public sealed override Tensor forward(Tensor input) => Apply(input, Execution.New());
}
