using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>Fixed permutations of channels; the inverse is the adjoint.</summary>
public static class ChannelPermutation
{
    /// <summary>[batch, C, …] with the channels in another order; the caller disposes it.</summary>
    /// <exception cref="ArgumentException">An odd number of channels to interleave.</exception>
    public static Tensor Apply(Tensor input, ChannelOrder order) => order switch
    {
        ChannelOrder.Reversed => input.flip(1),
        ChannelOrder.Interleaved => Transposed(input, 2, input.shape[1] / 2),
        _ => input.alias(),
    };

    /// <summary>The inverse, and the adjoint.</summary>
    public static Tensor Invert(Tensor output, ChannelOrder order) => order switch
    {
        ChannelOrder.Reversed => output.flip(1),
        ChannelOrder.Interleaved => Transposed(output, output.shape[1] / 2, 2),
        _ => output.alias(),
    };

    private static Tensor Transposed(Tensor input, long rows, long columns)
    {
        long[] shape = input.shape;
        if (shape[1] % 2 != 0)
        {
            throw new ArgumentException($"Interleaving needs an even number of channels; the input has {shape[1]}.", nameof(input));
        }

        using Tensor matrix = input.reshape([shape[0], rows, columns, .. shape[2..]]);
        using Tensor turned = matrix.transpose(1, 2);
        return turned.reshape(shape);
    }
}
