using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>A random sign for each number of a tensor, and what lets each grow or shrink by the same share.</summary>
/// <remarks>Every number that libtorch is given is owned for the length of the call: operators make one that the collector may take during it.</remarks>
internal static class RandomSigns
{
    /// <summary>−1 or 1 for each number, in float64 on the tensor's device; the caller disposes them.</summary>
    public static Tensor Draw(Tensor tensor, Generator random)
    {
        using Scalar two = 2.ToScalar(), one = 1.ToScalar();
        using Tensor drawn = randint(0, 2, tensor.shape, dtype: ScalarType.Float64, generator: random);
        drawn.mul_(two);
        drawn.sub_(one);
        return drawn.to(ScalarType.Float64, tensor.device, copy: true);
    }

    /// <summary>1 − share or 1 + share for each sign; the caller disposes them.</summary>
    public static Tensor Factors(Tensor signs, double share)
    {
        using Scalar scale = share.ToScalar(), one = 1.ToScalar();
        Tensor factors = signs.mul(scale);
        factors.add_(one);
        return factors;
    }
}
