using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints;

/// <summary>The adjoint of a ReLU or a leaky ReLU that no normalisation precedes; it needs the output only.</summary>
public static class RectifierAdjoint
{
    /// <summary>∂L/∂input, which the caller disposes.</summary>
    /// <param name="output">The activation's output.</param>
    /// <param name="gradient">∂L/∂output; only read.</param>
    /// <param name="slope">For negative numbers, not below 0.</param>
    public static Tensor Backward(Tensor output, Tensor gradient, double slope = 0) => slope == 0
        ? AtenOperators.RectifierBackward(gradient, output)
        : AtenOperators.LeakyRectifierBackward(gradient, output, slope);
}
