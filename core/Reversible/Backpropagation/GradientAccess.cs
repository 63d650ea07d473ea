using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>Reading the gradient that autograd left at a leaf.</summary>
internal static class GradientAccess
{
    /// <summary>The leaf's gradient, which the caller disposes; zeros if nothing depended on the leaf.</summary>
    public static Tensor TakeGradient(this Tensor leaf) => leaf.grad ?? zeros_like(leaf);
}
