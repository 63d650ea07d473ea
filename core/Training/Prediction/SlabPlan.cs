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
    /// <exception cref="DataException">Even one plane would take more.</exception>
    public static IReadOnlyList<Tile> Of(Mask brain, PatchGeometry geometry, Network network, long memory)
    {
        Box whole = TilePlan.Whole(brain.Grid.Size, geometry);
        long plane = (long)whole.SizeX * whole.SizeY * BytesPerVoxel(network);
        if (whole.SizeZ * plane <= memory)
        {
            return [Tile.Whole(whole, geometry)];
        }

        int planes = brain.Grid.Size.Z / geometry.Rate;
        if (ReceptiveField.RadiusOf(network) is not { } radius)
        {
            throw TooLittle(memory, whole.SizeZ * plane, "the network can't be cut into slabs, as its convolutions stride");
        }

        long thickness = memory / plane - 2L * (radius + geometry.Margin);
        if (thickness < 1)
        {
            throw TooLittle(memory, (1 + 2L * (radius + geometry.Margin)) * plane, $"each slab reads {radius + geometry.Margin} planes on either side");
        }

        var tiles = new List<Tile>();
        for (int first = 0; first < planes; first += (int)thickness)
        {
            int end = Math.Min(first + (int)thickness, planes);
            // Not beyond the whole volume's own padding: there the slab has to end as the volume does.
            int from = Math.Max(whole.Z, first - radius - geometry.Margin);
            int to = Math.Min(whole.Z + whole.SizeZ, end + radius + geometry.Margin);
            var tile = new Tile(whole with { Z = from, SizeZ = to - from }, first * geometry.Rate, end * geometry.Rate);
            if (TilePlan.HoldsVoxel(brain, geometry.OutputBox(tile.Input) with { Z = tile.FirstPlane, SizeZ = tile.EndPlane - tile.FirstPlane }))
            {
                tiles.Add(tile);
            }
        }

        return tiles;
    }

    private static DataException TooLittle(long memory, long needed, string why) => new(
        $"prediction: {memory >> 20} MB were allowed, about {(needed >> 20) + 1} MB are needed for the whole volume ({why}). Allow more (--memory) or use --tiling training.");
}
