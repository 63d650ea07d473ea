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
            ? tensor.as_strided([tensor.numel() / channels, channels], [channels, 1])
            : tensor.reshape(tensor.shape[0], channels, -1);
    }

    /// <summary>Gives a result on the view the shape and order of the tensor behind it.</summary>
    internal static Tensor Shaped(Tensor view, Tensor like, bool last) =>
        last ? view.as_strided(like.shape, like.stride()) : view.view(like.shape);

    /// <summary>[channels] in a shape that broadcasts along the view.</summary>
    internal static Tensor PerChannel(Tensor channels, bool last) => last ? channels.alias() : channels.view(1, -1, 1);

    /// <summary>Mean over the voxels of the view, [channels].</summary>
    internal static Tensor Mean(Tensor view, bool last)
    {
        if (!last)
        {
            return view.mean([0L, 2L]);
        }

        long voxels = view.shape[0];
        if (view.shape[1] < 16)
        {
            return view.mean([0L]);
        }

        // A product with a row of 1/n is three times as fast as a reduction over the outer axis.
        using Tensor weights = full([1, voxels], 1.0 / voxels, dtype: view.dtype, device: view.device);
        using Tensor row = weights.mm(view);
        return row.view(-1);
    }
}
