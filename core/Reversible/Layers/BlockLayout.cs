using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>Blocks of r³ voxels (r² in 2D) as channels, and back. Only moves numbers.</summary>
internal static class BlockLayout
{
    /// <summary>[batch, C, edges…] → [batch, rⁿ·C, edges/r…].</summary>
    /// <param name="input">The image.</param>
    /// <param name="rate">r.</param>
    /// <param name="voxelFirst">Whether the voxel or the channel is the slower part of the new channel's number.</param>
    public static Tensor ToChannels(Tensor input, int rate, bool voxelFirst)
    {
        long[] shape = input.shape;
        int n = shape.Length - 2;
        long[] edges = shape[2..];
        if (edges.Any(edge => edge % rate != 0))
        {
            throw new ArgumentException($"Blocks of {rate} voxels need edges divisible by {rate}; they are {string.Join(", ", edges)}.", nameof(input));
        }

        // [batch, C, D/r, r, H/r, r, …]
        using Tensor split = input.reshape([shape[0], shape[1], .. edges.SelectMany(edge => new[] { edge / rate, rate })]);
        long[] places = [.. Enumerable.Range(0, n).Select(axis => 3L + 2 * axis)];
        long[] blocks = [.. places.Select(place => place - 1)];
        using Tensor ordered = split.permute(voxelFirst ? [0, .. places, 1, .. blocks] : [0, 1, .. places, .. blocks]);
        return ordered.reshape([shape[0], shape[1] * Volume(rate, n), .. edges.Select(edge => edge / rate)]);
    }

    /// <summary>[batch, rⁿ·C, edges…] → [batch, C, r·edges…]: the inverse of <see cref="ToChannels"/>.</summary>
    public static Tensor FromChannels(Tensor input, int rate, bool voxelFirst)
    {
        long[] shape = input.shape;
        int n = shape.Length - 2;
        long[] edges = shape[2..];
        long volume = Volume(rate, n);
        if (shape[1] % volume != 0)
        {
            throw new ArgumentException($"Blocks of {rate} voxels along each edge need a multiple of {volume} channels; the input has {shape[1]}.", nameof(input));
        }

        long channels = shape[1] / volume;
        long[] rates = [.. Enumerable.Repeat((long)rate, n)];
        using Tensor split = input.reshape(voxelFirst ? [shape[0], .. rates, channels, .. edges] : [shape[0], channels, .. rates, .. edges]);
        long channel = voxelFirst ? n + 1 : 1, firstPlace = voxelFirst ? 1 : 2;
        using Tensor ordered = split.permute([0, channel, .. Enumerable.Range(0, n).SelectMany(axis => new[] { n + 2L + axis, firstPlace + axis })]);
        return ordered.reshape([shape[0], channels, .. edges.Select(edge => edge * rate)]);
    }

    private static long Volume(int rate, int dimensions) => Enumerable.Repeat((long)rate, dimensions).Aggregate(1L, (product, edge) => product * edge);
}
