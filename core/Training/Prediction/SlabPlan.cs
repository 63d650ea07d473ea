using Iqt.Diffusion;
using Iqt.Reversible;

namespace Iqt.Training;

/// <summary>
/// Cuts a volume into slabs that are predicted one after the other, as thick as a memory bound allows. Each slab reads so
/// many planes on both sides that the planes it keeps are those of the whole volume.
/// </summary>
public static class SlabPlan
{
    /// <summary>Bytes that prediction may take unless something else is asked for.</summary>
    public const long DefaultMemory = 2L << 30;

    /// <summary>
    /// Bytes per LR voxel of a slab: the widest activation several times over (a block holds its input, one half's
    /// normalised copy and two convolution outputs; oneDNN reorders one more), and .NET's input and output.
    /// </summary>
    public static long BytesPerVoxel(Network network)
    {
        int widest = network.Segments.Max(segment => Math.Max(segment.InputChannels, segment.OutputChannels));
        int rate = network.UpsamplingRate;
        return sizeof(float) * (5L * widest + 2 * network.InputChannels + 3L * network.OutputChannels * rate * rate * rate);
    }

    /// <summary>The slabs that hold a voxel of the mask.</summary>
    /// <param name="brain">On the HR grid.</param>
    /// <param name="geometry">Of the network's training patches.</param>
    /// <param name="network">Says how far it looks and how wide it is.</param>
    /// <param name="memory">Bytes that a slab's prediction may take.</param>
    /// <exception cref="DataException">Even a slab that keeps one plane would take more.</exception>
    public static IReadOnlyList<Tile> Of(Mask brain, PatchGeometry geometry, Network network, long memory)
    {
        Box whole = TilePlan.Whole(brain.Grid.Size, geometry);
        long plane = (long)whole.SizeX * whole.SizeY * BytesPerVoxel(network);
        if (whole.SizeZ * plane <= memory)
        {
            return [Tile.Whole(whole, geometry)];
        }

        if (ReceptiveField.RadiusOf(network) is not { } radius)
        {
            throw new DataException($"prediction: {memory >> 20} MB were allowed, about {Megabytes(whole.SizeZ * plane)} MB are needed: the network can't be cut into slabs, as its convolutions stride. Use --tiling training, or allow as much (--memory {Megabytes(whole.SizeZ * plane)}).");
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
