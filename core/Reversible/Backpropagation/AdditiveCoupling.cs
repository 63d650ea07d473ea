using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// One half of a RevNet block: y = x + F(source) over one half of the channels, with the other half as source (paper,
/// section 2), as part of one graph: the reference of <see cref="Adjoints.AdditiveHalf"/>.
/// </summary>
public static class AdditiveCoupling
{
    // a.add(b) makes a temporary Scalar that the collector may finalise during the native call.
    private static readonly Scalar One = 1.0.ToScalar();

    /// <summary>half + F(source) as a new tensor, as part of a graph where gradients are enabled.</summary>
    public static Tensor Apply(Tensor half, ResidualFunction function, Tensor source, Execution execution)
    {
        using Tensor read = source.to(execution.FunctionType ?? source.dtype);
        using Tensor residual = function.Apply(read, execution);
        return add(half, residual, One);
    }
}
