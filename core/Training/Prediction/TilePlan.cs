using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>
/// Places LR tiles so that their outputs cover the HR grid. Outputs stand edge to edge; tiles at the edge of the
/// volume reach beyond it, where the padding is.
/// </summary>
public static class TilePlan
{
    /// <summary>The tiles of the training patch's size whose outputs hold a voxel of the mask (the paper's stitching).</summary>
    /// <param name="brain">On the HR grid.</param>
    /// <param name="geometry">Of the network's training patches.</param>
    public static IReadOnlyList<Tile> Of(Mask brain, PatchGeometry geometry)
    {
        GridSize size = brain.Grid.Size;
        int[] xs = Starts(size.X, geometry), ys = Starts(size.Y, geometry), zs = Starts(size.Z, geometry);
        var tiles = new List<Tile>();
        foreach (int z in zs)
        {
            foreach (int y in ys)
            {
                foreach (int x in xs)
                {
                    Box input = Box.Cube(x, y, z, geometry.InputSize);
                    if (HoldsVoxel(brain, geometry.OutputBox(input)))
                    {
                        tiles.Add(Tile.Whole(input, geometry));
                    }
                }
            }
        }

        return tiles;
    }

    /// <summary>One box whose output covers an HR grid; longer than that needs where the network takes only certain edges.</summary>
    internal static Box Whole(GridSize size, PatchGeometry geometry) => new(
        -geometry.Margin,
        -geometry.Margin,
        -geometry.Margin,
        WholeSize(size.X, geometry),
        WholeSize(size.Y, geometry),
        WholeSize(size.Z, geometry));

    /// <summary>Whether a box, which may reach beyond the mask, holds one of its voxels.</summary>
    internal static bool HoldsVoxel(Mask brain, Box output)
    {
        var inside = new bool[output.Voxels];
        BoxReader.Read(brain, output, inside);
        return inside.AsSpan().Contains(true);
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

        return geometry.InputSizeOf(size);
    }
}
