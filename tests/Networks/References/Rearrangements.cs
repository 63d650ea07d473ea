using static TorchSharp.torch;

namespace Iqt.Tests.Networks.References;

/// <summary>Voxels as channels and back, voxel by voxel from the definitions.</summary>
internal static class Rearrangements
{
    /// <summary>Channel p·C + c is channel c of voxel p of the block; p counts (i, j, k) with k fastest.</summary>
    public static Tensor Squeeze(Tensor input, int rate = 2) => cat([.. Voxels(input, rate)], 1);

    public static Tensor Unsqueeze(Tensor input, int rate = 2)
    {
        int dimensions = input.shape.Length - 2;
        Tensor[] voxels = input.chunk(Volume(rate, dimensions), 1);
        return Place(voxels, rate);
    }

    /// <summary>Channel c·r³ + p becomes channel c of voxel p of the block.</summary>
    public static Tensor Shuffle(Tensor input, int rate = 2)
    {
        int volume = Volume(rate, input.shape.Length - 2);
        return Place([.. Enumerable.Range(0, volume).Select(p => input.index(TensorIndex.Colon, TensorIndex.Slice(p, null, volume)))], rate);
    }

    public static Tensor Unshuffle(Tensor input, int rate = 2) => stack([.. Voxels(input, rate)], 2).flatten(1, 2);

    /// <summary>
    /// Channel p·C + c is Σ ± x / √2ⁿ over the voxels of the block, with a minus for every axis that p and the voxel both
    /// have a 1 for.
    /// </summary>
    public static Tensor Haar(Tensor input) => cat([.. Signed([.. Voxels(input, 2)])], 1);

    public static Tensor InverseHaar(Tensor input)
    {
        int volume = Volume(2, input.shape.Length - 2);
        return Place([.. Signed(input.chunk(volume, 1))], 2);
    }

    private static IEnumerable<Tensor> Signed(Tensor[] parts)
    {
        double scale = 1 / Math.Sqrt(parts.Length);
        return Enumerable.Range(0, parts.Length).Select(p => parts
            .Select((part, voxel) => part.mul(int.PopCount(p & voxel) % 2 == 0 ? scale : -scale))
            .Aggregate(Reference.Add));
    }

    // Voxel p of every block, [batch, C, edges/r…].
    private static IEnumerable<Tensor> Voxels(Tensor input, int rate)
    {
        int dimensions = input.shape.Length - 2;
        return Offsets(rate, dimensions).Select(offset => input.index(
            [TensorIndex.Colon, TensorIndex.Colon, .. offset.Select(start => TensorIndex.Slice(start, null, rate))]));
    }

    // The converse, as a transposed convolution with a kernel that is 1 at one voxel.
    private static Tensor Place(Tensor[] voxels, int rate)
    {
        int dimensions = voxels[0].shape.Length - 2;
        long channels = voxels[0].shape[1];
        return Offsets(rate, dimensions).Select((_, p) =>
        {
            Tensor kernel = zeros([1, Volume(rate, dimensions)], voxels[0].dtype);
            kernel[0, p] = ones([], voxels[0].dtype);
            kernel = kernel.reshape([1, 1, .. Enumerable.Repeat((long)rate, dimensions)]).expand([channels, 1, .. Enumerable.Repeat((long)rate, dimensions)]).contiguous();
            return dimensions == 3
                ? nn.functional.conv_transpose3d(voxels[p], kernel, strides: [rate, rate, rate], groups: channels)
                : nn.functional.conv_transpose2d(voxels[p], kernel, strides: [rate, rate], groups: channels);
        }).Aggregate(Reference.Add);
    }

    private static IEnumerable<int[]> Offsets(int rate, int dimensions) =>
        dimensions == 0 ? [[]] : Offsets(rate, dimensions - 1).SelectMany(before => Enumerable.Range(0, rate).Select(i => (int[])[.. before, i]));

    private static int Volume(int rate, int dimensions) => (int)Math.Pow(rate, dimensions);
}
