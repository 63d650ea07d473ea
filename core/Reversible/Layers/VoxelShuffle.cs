using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// The shuffle between low- and high-resolution space (paper, section 2). Channel c·r³ + (i·r + j)·r + k of a
/// low-resolution voxel (z, y, x) is channel c of the high-resolution voxel (z·r + i, y·r + j, x·r + k), the
/// order of PyTorch's <c>pixel_shuffle</c> in 2D.
/// </summary>
public static class VoxelShuffle
{
    /// <summary>[batch, r³·C, D, H, W] → [batch, C, r·D, r·H, r·W]; the caller disposes it.</summary>
    /// <exception cref="ArgumentException">The number of channels is not divisible by r³.</exception>
    public static Tensor Apply(Tensor input, int rate)
    {
        (long n, long channels, long d, long h, long w) = Shape(input);
        int cube = rate * rate * rate;
        if (channels % cube != 0)
        {
            throw new ArgumentException($"A voxel shuffle by {rate} needs a multiple of {cube} channels; the input has {channels}.", nameof(input));
        }

        using Tensor split = input.reshape(n, channels / cube, rate, rate, rate, d, h, w);
        using Tensor ordered = split.permute(0, 1, 5, 2, 6, 3, 7, 4);
        return ordered.reshape(n, channels / cube, d * rate, h * rate, w * rate);
    }

    /// <summary>[batch, C, r·D, r·H, r·W] → [batch, r³·C, D, H, W]: the inverse, and the adjoint.</summary>
    /// <exception cref="ArgumentException">An edge is not divisible by r.</exception>
    public static Tensor Invert(Tensor output, int rate)
    {
        (long n, long channels, long d, long h, long w) = Shape(output);
        if (d % rate != 0 || h % rate != 0 || w % rate != 0)
        {
            throw new ArgumentException($"The inverse of a voxel shuffle by {rate} needs edges divisible by {rate}; they are {d}, {h}, {w}.", nameof(output));
        }

        using Tensor split = output.reshape(n, channels, d / rate, rate, h / rate, rate, w / rate, rate);
        using Tensor ordered = split.permute(0, 1, 3, 5, 7, 2, 4, 6);
        return ordered.reshape(n, channels * rate * rate * rate, d / rate, h / rate, w / rate);
    }

    private static (long N, long Channels, long D, long H, long W) Shape(Tensor tensor)
    {
        long[] s = tensor.shape;
        return s.Length == 5
            ? (s[0], s[1], s[2], s[3], s[4])
            : throw new ArgumentException($"A voxel shuffle needs [batch, channels, depth, height, width]; the shape is [{string.Join(", ", s)}].");
    }
}
