using System.Numerics;
using Iqt.Reversible.Natives;
using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints.Kernels;

/// <summary>
/// A dense [voxels, channels] matrix cut into tiles of whole voxels that whole vectors fill, so that numbers of a channel, repeated
/// along a tile, line up with every tile. Tiles go in runs whose number depends on the size alone: results do not change with
/// the number of threads.
/// </summary>
internal readonly struct ChannelTiles
{
    private const int ShortestTile = 256;
    private const long ElementsOfRun = 16384;
    private const int MostRuns = 64;
    private const int SampledTiles = 8;

    private readonly long _elements;
    private readonly long _tiles;

    private ChannelTiles(long elements, int channels, int width)
    {
        (_elements, Channels, Width) = (elements, channels, width);
        _tiles = (elements + width - 1) / width;
        Runs = (int)Math.Clamp(elements / ElementsOfRun, 1, MostRuns);
    }

    /// <summary>Whether a view of <see cref="MemoryLayout"/> can be cut: channels-last, in host memory, float32 or float64.</summary>
    public static bool Fit(Tensor view, bool last) =>
        last && view.device_type == DeviceType.CPU
        && view.dtype is ScalarType.Float32 or ScalarType.Float64
        && view.numel() > 0 && view.numel() * view.element_size() <= int.MaxValue; // what a span can hold

    /// <summary>Tiles for numbers of type T.</summary>
    public static ChannelTiles Of<T>(Tensor view)
    {
        int channels = (int)view.shape[1], voxels = 1;
        while (voxels * channels % Vector<T>.Count != 0 || voxels * channels < ShortestTile)
        {
            voxels++;
        }

        return new ChannelTiles(view.numel(), channels, voxels * channels);
    }

    /// <summary>Of the matrix.</summary>
    public int Channels { get; }

    /// <summary>Elements of a tile; the last one may have fewer.</summary>
    public int Width { get; }

    /// <summary>How many runs of tiles there are.</summary>
    public int Runs { get; }

    /// <summary>A tile's first element and how many it has.</summary>
    public (long First, int Count) Bounds(long tile) => (tile * Width, (int)Math.Min(Width, _elements - (tile * Width)));

    /// <summary>A few tiles, evenly spread: neighbouring voxels are alike.</summary>
    public IEnumerable<long> Sample()
    {
        (long tiles, long step) = (_tiles, Math.Max(1, _tiles / SampledTiles));
        for (long tile = step / 2; tile < tiles; tile += step)
        {
            yield return tile;
        }
    }

    /// <summary>One number a channel, repeated along a tile.</summary>
    public T[] Repeat<T>(double[] channels)
        where T : unmanaged, INumber<T>
    {
        var tile = new T[Width];
        for (int i = 0; i < Channels; i++)
        {
            tile[i] = T.CreateChecked(channels[i]);
        }

        for (int i = Channels; i < Width; i += Channels)
        {
            tile.AsSpan(0, Channels).CopyTo(tile.AsSpan(i));
        }

        return tile;
    }

    /// <summary>Sums along a tile for each run, all zero.</summary>
    public TileSums<T> Sums<T>()
        where T : unmanaged, INumber<T> => new(Runs, Width);

    /// <summary>What was added up along tiles, divided by the number of voxels: one number a channel.</summary>
    public double[] Mean<T>(TileSums<T> sums)
        where T : unmanaged, INumber<T>
    {
        double[] means = sums.OfChannels(Channels);
        double voxels = (double)_elements / Channels;
        for (int i = 0; i < Channels; i++)
        {
            means[i] /= voxels;
        }

        return means;
    }

    /// <summary>Calls for every tile with its run, its first element and how many it has; runs go side by side on libtorch's threads.</summary>
    public void ForEach(Action<int, long, int> tile)
    {
        ChannelTiles tiles = this;
        void Run(int run)
        {
            for (long i = tiles._tiles * run / tiles.Runs; i < tiles._tiles * (run + 1) / tiles.Runs; i++)
            {
                (long first, int count) = tiles.Bounds(i);
                tile(run, first, count);
            }
        }

        ThreadTeam.Run(Runs, Run);
    }
}
