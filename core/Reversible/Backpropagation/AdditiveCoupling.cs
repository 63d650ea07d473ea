using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// One half of a RevNet block: y = x + F(source) over one half of the channels, with the other half as source (paper,
/// section 2).
/// </summary>
public static class AdditiveCoupling
{
    // a.add(b) makes a temporary Scalar that the collector may finalise during the native call.
    private static readonly Scalar One = 1.0.ToScalar();

    /// <summary>half + F(source) as a new tensor, as part of a graph where gradients are enabled.</summary>
    public static Tensor Apply(Tensor half, ResidualFunction function, Tensor source, Execution execution)
    {
        using Tensor residual = function.Apply(source, execution);
        return add(half, residual, One);
    }

    /// <summary>half += F(source); gradients are disabled.</summary>
    public static void ApplyInPlace(Tensor half, ResidualFunction function, Tensor source, Execution execution)
    {
        using Tensor residual = function.Apply(source, execution);
        half.add_(residual, One);
    }

    /// <summary>half −= F(source), the inversion of <see cref="ApplyInPlace"/>; gradients are disabled.</summary>
    public static void InvertInPlace(Tensor half, ResidualFunction function, Tensor source, Execution execution)
    {
        using Tensor residual = function.Apply(source, execution);
        half.sub_(residual);
    }

    /// <summary>
    /// Inverts and differentiates half + F(source) with a single run of F: its result both brings half back to what it was
    /// before the addition and, with its graph, gives the gradients. The graph is freed on return.
    /// </summary>
    /// <param name="half">The sum; becomes the summand.</param>
    /// <param name="function">F; the gradients of its parameters are added to their <c>grad</c>.</param>
    /// <param name="source">F's input; not changed.</param>
    /// <param name="halfGradient">∂L/∂half; the same for the sum and for the summand.</param>
    /// <param name="sourceGradient">Receives ∂L/∂source through F on top of what it holds.</param>
    /// <param name="execution">The run of the step.</param>
    /// <param name="wantSourceGradient">False where nobody reads <paramref name="sourceGradient"/> any more.</param>
    public static void Reverse(
        Tensor half,
        ResidualFunction function,
        Tensor source,
        Tensor halfGradient,
        Tensor sourceGradient,
        Execution execution,
        bool wantSourceGradient = true)
    {
        using Tensor leaf = source.detach().requires_grad_(wantSourceGradient);
        using (enable_grad())
        {
            using Tensor residual = function.Apply(leaf, execution);
            using (Tensor value = residual.detach())
            {
                half.sub_(value);
            }

            if (residual.requires_grad) // not so without parameters, where nobody wants the source's gradient
            {
                autograd.backward([residual], [halfGradient]);
            }
        }

        if (wantSourceGradient)
        {
            using Tensor gradient = leaf.TakeGradient();
            sourceGradient.add_(gradient, One);
        }
    }
}
