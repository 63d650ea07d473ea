using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints;

/// <summary>
/// The order of [batch, channels, …] in memory. Channels-last is what convolutions of many channels run fastest
/// in (oneDNN's blocked kernels need no reordering); channels-first suits few channels.
/// </summary>
public static class MemoryLayout
{
    /// <summary>Whether the channels of one voxel lie beside each other.</summary>
    public static bool IsChannelsLast(Tensor tensor)
    {
        long[] shape = tensor.shape;
        long[] strides = tensor.stride();
        if (shape.Length < 3 || shape[1] == 1)
        {
            return false;
        }

        long expected = shape[1];
        for (int axis = shape.Length - 1; axis >= 2; axis--)
        {
            if (shape[axis] != 1 && strides[axis] != expected)
            {
                return false;
            }

            expected *= shape[axis];
        }

        return strides[1] == 1 && (shape[0] == 1 || strides[0] == expected);
    }

    /// <summary>The same numbers in channels-last order; a second handle if they lie so already. The caller disposes it.</summary>
    public static Tensor ToChannelsLast(Tensor tensor)
    {
        if (IsChannelsLast(tensor))
        {
            return tensor.alias();
        }

        int axes = (int)tensor.dim();
        using Tensor last = tensor.permute([0, .. Enumerable.Range(2, axes - 2).Select(a => (long)a), 1]);
        using Tensor copy = last.contiguous();
        return copy.permute([0, axes - 1, .. Enumerable.Range(1, axes - 2).Select(a => (long)a)]);
    }

    /// <summary>
    /// The per-channel view of a channels-last tensor, [voxels, channels], or of any other, [batch, channels,
    /// voxels]; it shares memory wherever the tensor is dense. The caller disposes it.
    /// </summary>
    internal static Tensor View(Tensor tensor, out bool last)
    {
        last = IsChannelsLast(tensor);
        long channels = tensor.shape[1];
        return last
            ? tensor.as_strided([tensor.numel() / channels, channels], [channels, 1], tensor.storage_offset()) // a slice of a batch begins later
            : tensor.reshape(tensor.shape[0], channels, -1);
    }

    /// <summary>Gives a result on the view the shape and order of the tensor behind it.</summary>
    internal static Tensor Shaped(Tensor view, Tensor like, bool last) =>
        last ? view.as_strided(like.shape, like.stride()) : view.view(like.shape);

    /// <summary>[channels] in a shape that broadcasts along the view.</summary>
    internal static Tensor PerChannel(Tensor channels, bool last) => last ? channels.alias() : channels.view(1, -1, 1);

    /// <summary>Mean over the voxels of the view, [channels].</summary>
    internal static Tensor Mean(Tensor view, bool last) => last
        ? Reduce(view, 1.0 / view.shape[0])
        : view.mean([0L, 2L]);

    /// <summary>Sum over the voxels of the view, [channels].</summary>
    internal static Tensor Sum(Tensor view, bool last) => last ? Reduce(view, 1) : view.sum([0L, 2L]);

    // A product with a row of weights is three times as fast as a reduction over the outer axis, but adds up one voxel after
    // the other, which in float32 costs a digit. So √voxels sums of √voxels numbers first, then the sum of those.
    private static Tensor Reduce(Tensor view, double weight)
    {
        (long voxels, long channels) = (view.shape[0], view.shape[1]);
        long group = Divisor(voxels);
        using Tensor groups = view.view(group, voxels / group * channels);
        using Tensor weights = full([1, group], weight, dtype: view.dtype, device: view.device);
        using Tensor row = weights.mm(groups);
        using Tensor sums = row.view(-1, channels);
        return sums.sum(0L);
    }

    // The largest divisor up to the root: edges and batches of images have many.
    private static long Divisor(long number)
    {
        long divisor = (long)Math.Sqrt(number);
        while (number % divisor != 0)
        {
            divisor--;
        }

        return divisor;
    }
}
