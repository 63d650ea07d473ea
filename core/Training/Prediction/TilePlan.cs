using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>
/// Places LR tiles so that their outputs cover the HR grid. Outputs stand edge to edge; tiles at the edge of the
/// volume reach beyond it, where the padding is.
/// </summary>
public static class TilePlan
{
    /// <summary>The tiles whose outputs hold a voxel of the mask.</summary>
    /// <param name="brain">On the HR grid.</param>
    /// <param name="geometry">Of the network's training patches.</param>
    /// <param name="tiling">Training tiles, or one tile.</param>
    public static IReadOnlyList<Box> Of(Mask brain, PatchGeometry geometry, Tiling tiling)
    {
        GridSize size = brain.Grid.Size;
        if (tiling == Tiling.Whole)
        {
            return [new Box(-geometry.Margin, -geometry.Margin, -geometry.Margin, WholeSize(size.X, geometry), WholeSize(size.Y, geometry), WholeSize(size.Z, geometry))];
        }

        int[] xs = Starts(size.X, geometry), ys = Starts(size.Y, geometry), zs = Starts(size.Z, geometry);
        var tiles = new List<Box>();
        foreach (int z in zs)
        {
            foreach (int y in ys)
            {
                foreach (int x in xs)
                {
                    Box tile = Box.Cube(x, y, z, geometry.InputSize);
                    if (HoldsVoxel(brain, geometry.OutputBox(tile)))
                    {
                        tiles.Add(tile);
                    }
                }
            }
        }

        return tiles;
    }

    /// <summary>First LR voxels of tiles along one axis: the outputs begin at or before 0 and end at or after the HR size.</summary>
    private static int[] Starts(int highSize, PatchGeometry geometry)
    {
        int step = geometry.OutputSize / geometry.Rate;
        var starts = new List<int>();
        int start = -geometry.Margin;
        do
        {
            starts.Add(start);
            start += step;
        }
        while (start * geometry.Rate + geometry.OutputOffset < highSize);
        return [.. starts];
    }

    private static int WholeSize(int highSize, PatchGeometry geometry)
    {
        int size = highSize / geometry.Rate + geometry.Margin;
        while (-geometry.Margin * geometry.Rate + geometry.OutputOffset + geometry.OutputSizeOf(size) < highSize)
        {
            size++;
        }

        return size;
    }

    private static bool HoldsVoxel(Mask brain, Box output)
    {
        var inside = new bool[output.Voxels];
        BoxReader.Read(brain, output, inside);
        return inside.AsSpan().Contains(true);
    }
}
