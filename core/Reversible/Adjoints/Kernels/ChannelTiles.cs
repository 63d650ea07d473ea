using System.Numerics;
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
    private const long ElementsOfRun = 32768;
    private const int MostRuns = 64;

    private readonly long _elements;
    private readonly long _tiles;

    private ChannelTiles(long elements, int channels, int width)
    {
        (_elements, Channels, Width) = (elements, channels, width);
        _tiles = (elements + width - 1) / width;
        Runs = (int)Math.Clamp(elements / ElementsOfRun, 1, MostRuns);
    }

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

    /// <summary>One number a channel, repeated along a tile.</summary>
    public T[] Tile<T>(Tensor channels)
        where T : unmanaged
    {
        ReadOnlySpan<T> numbers = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(channels.bytes);
        var tile = new T[Width];
        for (int i = 0; i < Width; i += Channels)
        {
            numbers.CopyTo(tile.AsSpan(i));
        }

        return tile;
    }

    /// <summary>Sums of what was added up along tiles, one array a run, divided by the number of voxels: [channels].</summary>
    public Tensor Mean<T>(T[][] sums, ScalarType type)
        where T : unmanaged, INumber<T>
    {
        var means = new double[Channels];
        foreach (T[] run in sums)
        {
            for (int i = 0; i < Width; i++)
            {
                means[i % Channels] += double.CreateChecked(run[i]);
            }
        }

        double voxels = (double)_elements / Channels;
        for (int i = 0; i < Channels; i++)
        {
            means[i] /= voxels;
        }

        return tensor(means, type);
    }

    /// <summary>An array along a tile for each run.</summary>
    public T[][] Sums<T>()
    {
        var sums = new T[Runs][];
        for (int i = 0; i < Runs; i++)
        {
            sums[i] = new T[Width];
        }

        return sums;
    }

    /// <summary>Calls for every tile with its run, its first element and how many it has; runs go side by side where there are threads to spare.</summary>
    public void ForEach(Action<int, long, int> tile)
    {
        (int runs, int width, long tiles, long elements) = (Runs, Width, _tiles, _elements);
        void Run(int run)
        {
            for (long i = tiles * run / runs; i < tiles * (run + 1) / runs; i++)
            {
                tile(run, i * width, (int)Math.Min(width, elements - (i * width)));
            }
        }

        // libtorch's own threads go on spinning for a while after each operation. On two cores a second thread here waits
        // for one of them longer than it saves.
        int threads = Math.Max(1, get_num_threads() / 4);
        if (threads == 1 || runs == 1)
        {
            for (int run = 0; run < runs; run++)
            {
                Run(run);
            }

            return;
        }

        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = threads }, Run);
    }
}
