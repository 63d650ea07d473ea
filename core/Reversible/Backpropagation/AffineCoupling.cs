using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// One half of a block with affine coupling: y = x · exp(tanh S(source)) + T(source) (RealNVP, Dinh et al. 2017). The tanh
/// bounds the factor to [1/e, e], so that neither direction blows up.
/// </summary>
public static class AffineCoupling
{
    private static readonly Scalar One = 1.0.ToScalar();

    /// <summary>half · factor + shift as a new tensor, as part of a graph where gradients are enabled.</summary>
    public static Tensor Apply<TFunction>(Tensor half, ScaleAndShift<TFunction> function, Tensor source, Execution execution)
        where TFunction : ResidualFunction
    {
        using Tensor factor = Factor(function, source, execution);
        using Tensor shift = function.Shift.Apply(source, execution);
        return addcmul(shift, half, factor, One);
    }

    /// <summary>The same in place; gradients are disabled.</summary>
    public static void ApplyInPlace<TFunction>(Tensor half, ScaleAndShift<TFunction> function, Tensor source, Execution execution)
        where TFunction : ResidualFunction
    {
        using (Tensor factor = Factor(function, source, execution))
        {
            half.mul_(factor);
        }

        using Tensor shift = function.Shift.Apply(source, execution);
        half.add_(shift, One);
    }

    /// <summary>The inversion of <see cref="ApplyInPlace"/>; gradients are disabled.</summary>
    public static void InvertInPlace<TFunction>(Tensor half, ScaleAndShift<TFunction> function, Tensor source, Execution execution)
        where TFunction : ResidualFunction
    {
        using (Tensor shift = function.Shift.Apply(source, execution))
        {
            half.sub_(shift);
        }

        using Tensor factor = Factor(function, source, execution);
        half.div_(factor);
    }

    /// <summary>
    /// Inverts and differentiates with a single run of S and T. Arguments as in <see cref="AdditiveCoupling.Reverse"/>, but
    /// <paramref name="halfGradient"/> becomes that of the half before the coupling.
    /// </summary>
    public static void Reverse<TFunction>(
        Tensor half,
        ScaleAndShift<TFunction> function,
        Tensor source,
        Tensor halfGradient,
        Tensor sourceGradient,
        Execution execution,
        bool wantSourceGradient = true)
        where TFunction : ResidualFunction
    {
        using Tensor leaf = source.detach().requires_grad_(wantSourceGradient);
        using (enable_grad())
        {
            using (Tensor shift = function.Shift.Apply(leaf, execution))
            {
                using (Tensor value = shift.detach())
                {
                    half.sub_(value);
                }

                Differentiate(shift, halfGradient);
            }

            using Tensor factor = Factor(function, leaf, execution);
            using Tensor factorValue = factor.detach();
            half.div_(factorValue);
            using (Tensor factorGradient = halfGradient.mul(half))
            {
                Differentiate(factor, factorGradient);
            }

            halfGradient.mul_(factorValue);
        }

        if (wantSourceGradient)
        {
            using Tensor gradient = leaf.TakeGradient();
            sourceGradient.add_(gradient, One);
        }
    }

    private static void Differentiate(Tensor output, Tensor gradient)
    {
        if (output.requires_grad)
        {
            autograd.backward([output], [gradient]);
        }
    }

    private static Tensor Factor<TFunction>(ScaleAndShift<TFunction> function, Tensor source, Execution execution)
        where TFunction : ResidualFunction
    {
        using Tensor raw = function.Scale.Apply(source, execution);
        using Tensor bounded = raw.tanh();
        return bounded.exp();
    }
}
