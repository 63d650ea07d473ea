using Iqt.Diffusion;
using Iqt.Reversible;

namespace Iqt.Training;

/// <summary>
/// Cuts a volume into slabs that are predicted one after the other, as thick as a memory bound allows. Each slab reads so
/// many planes on both sides that the planes it keeps are those of the whole volume; where that can't be said of a network, a
/// volume is not cut.
/// </summary>
public static class SlabPlan
{
    /// <summary>Bytes that prediction may take unless something else is asked for.</summary>
    public const long DefaultMemory = 2L << 30;

    // So long that what borders take away does not count.
    private const long ReferenceEdge = 1L << 20;

    /// <summary>
    /// Bytes per LR voxel of a slab: the largest activation several times over (a block holds its input, one half's
    /// normalised copy and two convolution outputs; oneDNN reorders one more), and .NET's input and output.
    /// </summary>
    public static long BytesPerVoxel(Network network)
    {
        long edge = network.InputSize(ReferenceEdge);
        var sizes = new NetworkSizes(network, [edge]);
        double largest = network.Segments.Max(segment => LargestActivation(segment, sizes)) / Volume(edge);
        double rate = Math.Pow(network.UpsamplingRate, 3);
        return (long)Math.Ceiling(sizeof(float) * (5 * largest + 2 * network.InputChannels + 3 * network.OutputChannels * rate));
    }

    // In numbers, at the resolution that the segment works at.
    private static double LargestActivation(Segment segment, NetworkSizes sizes)
    {
        long edge = sizes[segment.Sources[0]];
        double largest = Math.Max(segment.InputChannels * Volume(edge), segment.OutputChannels * Volume(sizes[segment.Name]));
        foreach (LayerStep step in segment.Steps)
        {
            edge = step.Size?.OutputSize(edge) ?? edge;
            largest = Math.Max(largest, step.OutputChannels * Volume(edge));
        }

        return largest;
    }

    private static double Volume(long edge) => Math.Pow(edge, 3);

    /// <summary>The slabs that hold a voxel of the mask.</summary>
    /// <param name="brain">On the HR grid.</param>
    /// <param name="geometry">Of the network's training patches.</param>
    /// <param name="network">Says how far it looks and how wide it is.</param>
    /// <param name="memory">Bytes that a slab's prediction may take.</param>
    /// <exception cref="DataException">
    /// The whole volume takes more, and even a slab that keeps one plane would, or the network's receptive field has no bound.
    /// </exception>
    public static IReadOnlyList<Tile> Of(Mask brain, PatchGeometry geometry, Network network, long memory)
    {
        Box whole = TilePlan.Whole(brain.Grid.Size, geometry);
        long plane = (long)whole.SizeX * whole.SizeY * BytesPerVoxel(network);
        if (whole.SizeZ * plane <= memory)
        {
            return [Tile.Whole(whole, geometry)];
        }

        var field = new ReceptiveField(network);
        if (field.Radius is not { } radius)
        {
            throw new DataException($"prediction: {memory >> 20} MB were allowed, about {Megabytes(whole.SizeZ * plane)} MB are needed: the volume can't be cut into slabs, as {field.Unbounded} of network {network.NetworkName} has layers that read the whole image or a coarser one, or don't say how far they look (poolings, strided convolutions, normalisations of the image, modules of your own). Use --tiling training, or allow as much (--memory {Megabytes(whole.SizeZ * plane)}).");
        }

        int reach = radius + geometry.Margin;
        long thickness = memory / plane - 2L * reach;
        if (thickness < 1)
        {
            throw new DataException($"prediction: {memory >> 20} MB were allowed, at least {Megabytes((1 + 2L * reach) * plane)} MB are needed: a slab reads {reach} planes on either side of those that it keeps, so that a thin one computes each of them many times. Use --tiling training, or allow more, best as much as the whole volume takes at once (--memory {Megabytes(whole.SizeZ * plane)}).");
        }

        int planes = brain.Grid.Size.Z / geometry.Rate;
        var tiles = new List<Tile>();
        for (int first = 0; first < planes; first += (int)thickness)
        {
            int end = Math.Min(first + (int)thickness, planes);
            // Not beyond the whole volume's own padding: there the slab has to end as the volume does.
            int from = Math.Max(whole.Z, first - reach);
            int to = Math.Min(whole.Z + whole.SizeZ, end + reach);
            var tile = new Tile(whole with { Z = from, SizeZ = to - from }, first * geometry.Rate, end * geometry.Rate);
            if (TilePlan.HoldsVoxel(brain, geometry.OutputBox(tile.Input) with { Z = tile.FirstPlane, SizeZ = tile.EndPlane - tile.FirstPlane }))
            {
                tiles.Add(tile);
            }
        }

        return tiles;
    }

    private static long Megabytes(long bytes) => (bytes >> 20) + 1;
}
