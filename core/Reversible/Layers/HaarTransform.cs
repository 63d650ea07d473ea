using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// The orthonormal Haar transform of blocks of 2 voxels along each edge: sum and difference over √2, one axis after the other.
/// Its inverse is its adjoint.
/// </summary>
public static class HaarTransform
{
    // a.add(b) makes a temporary Scalar that the collector may finalise during the native call.
    private static readonly Scalar One = 1.0.ToScalar();
    private static readonly Scalar HalfRoot = Math.Sqrt(0.5).ToScalar();

    /// <summary>[batch, C, edges…] → [batch, 2ⁿ·C, edges/2…]; the caller disposes it.</summary>
    /// <exception cref="ArgumentException">An edge is odd.</exception>
    public static Tensor Apply(Tensor input)
    {
        using var x = new Activation(BlockLayout.ToChannels(input, 2, voxelFirst: true));
        Butterflies(x, input.shape.Length - 2);
        return x.Release();
    }

    /// <summary>The inverse, and the adjoint.</summary>
    /// <exception cref="ArgumentException">The number of channels is not divisible by 2ⁿ.</exception>
    public static Tensor Invert(Tensor output)
    {
        // The transform of a block is a symmetric orthogonal matrix: its own inverse.
        using var x = new Activation(output.alias());
        Butterflies(x, output.shape.Length - 2);
        return BlockLayout.FromChannels(x, 2, voxelFirst: true);
    }

    // Along one axis: (a, b) → ((a + b)/√2, (a − b)/√2).
    private static void Butterflies(Activation x, int dimensions)
    {
        long[] shape = x.Value.shape;
        for (int axis = 0; axis < dimensions; axis++)
        {
            long before = 1L << axis, after = shape[1] >> (axis + 1);
            using Tensor pairs = x.Value.reshape([shape[0], before, 2, after, .. shape[2..]]);
            using Tensor a = pairs.narrow(2, 0, 1);
            using Tensor b = pairs.narrow(2, 1, 1);
            using Tensor sum = add(a, b, One);
            using Tensor difference = a.sub(b);
            using Tensor joined = cat([sum, difference], 2);
            using Tensor scaled = joined.mul(HalfRoot);
            x.Replace(scaled.reshape(shape));
        }
    }
}
