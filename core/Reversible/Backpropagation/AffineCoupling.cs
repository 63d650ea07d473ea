using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// One half of a block with affine coupling: y = x · exp(tanh S(source)) + T(source) (RealNVP, Dinh et al. 2017). The tanh
/// bounds the factor to [1/e, e], so that neither direction blows up. As part of one graph: the reference of <see cref="Adjoints.AffineHalf"/>.
/// </summary>
public static class AffineCoupling
{
    private static readonly Scalar One = 1.0.ToScalar();

    /// <summary>half · factor + shift as a new tensor, as part of a graph where gradients are enabled.</summary>
    public static Tensor Apply<TFunction>(Tensor half, ScaleAndShift<TFunction> function, Tensor source, Execution execution)
        where TFunction : ResidualFunction
    {
        using Tensor read = source.to(execution.FunctionType ?? source.dtype);
        using Tensor factor = Factor(function, read, execution);
        using Tensor shift = function.Shift.Apply(read, execution);
        using Tensor scaled = half.mul(factor); // of the halves' type, whatever the factor's
        return add(scaled, shift, One);
    }

    private static Tensor Factor<TFunction>(ScaleAndShift<TFunction> function, Tensor source, Execution execution)
        where TFunction : ResidualFunction
    {
        using Tensor raw = function.Scale.Apply(source, execution);
        using Tensor bounded = raw.tanh();
        return bounded.exp();
    }
}
