using System.Numerics;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints.Kernels;

/// <summary>Sums over the voxels of a dense [voxels, channels] matrix in host memory, in one pass on all threads.</summary>
internal static class ChannelSums
{
    /// <summary>[channels], which the caller disposes.</summary>
    /// <param name="view">As <see cref="ChannelTiles.Fit"/> says.</param>
    public static Tensor Of(Tensor view) => view.dtype == ScalarType.Float32 ? Of<float>(view) : Of<double>(view);

    private static unsafe Tensor Of<T>(Tensor view)
        where T : unmanaged, INumber<T>
    {
        var tiles = ChannelTiles.Of<T>(view);
        using TileSums<T> sums = tiles.Sums<T>();
        fixed (byte* p = view.bytes)
        fixed (T* rows = sums.Numbers)
        {
            T* data = (T*)p, sum = rows;
            int width = tiles.Width;
            tiles.ForEach((run, first, count) => Add(data + first, sum + (run * width), count));
        }

        return tensor(sums.OfChannels(tiles.Channels), view.dtype);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Add<T>(T* x, T* sum, int count)
        where T : unmanaged, INumber<T>
    {
        int i = 0;
        for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
        {
            (Vector.Load(sum + i) + Vector.Load(x + i)).Store(sum + i);
        }

        for (; i < count; i++)
        {
            sum[i] += x[i];
        }
    }
}
