namespace Iqt.Diffusion;

/// <summary>
/// Downsampling as the paper does it: each LR voxel is the mean of a block of r³ HR voxels, and the affine moves by
/// half an LR voxel less half an HR one. Blocks that the image doesn't fill are dropped.
/// </summary>
public static class BlockMean
{
    /// <summary>Voxels left over along each axis, which downsampling drops; 0 where r divides the size.</summary>
    public static GridSize Dropped(GridSize size, int factor) => new(size.X % factor, size.Y % factor, size.Z % factor);

    /// <summary>The grid of the blocks.</summary>
    /// <exception cref="DataException">The image has no whole block.</exception>
    public static Grid Grid(Grid grid, int factor, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        GridSize size = grid.Size;
        if (Math.Min(size.X, Math.Min(size.Y, size.Z)) < factor)
        {
            throw new DataException($"{name}: {size} voxels were found, at least {factor} along each axis were expected to downsample by {factor}. Choose a smaller factor.");
        }

        return grid.Downsampled(factor);
    }

    /// <summary>Block means of one volume.</summary>
    /// <exception cref="DataException">The image has no whole block.</exception>
    public static Volume Volume(Volume volume, int factor)
    {
        var result = new Volume(Grid(volume.Grid, factor, "volume"));
        Apply(volume.Values, volume.Grid.Size, factor, result.Values);
        return result;
    }

    /// <summary>The LR mask: a voxel is inside if its whole block is (as the IQT recipe has it).</summary>
    /// <param name="mask">On the HR grid.</param>
    /// <param name="factor">r.</param>
    /// <param name="name">What messages call it, its file where there is one.</param>
    /// <exception cref="DataException">The image has no whole block, or no block lies wholly inside.</exception>
    public static Mask Mask(Mask mask, int factor, string name = "mask")
    {
        Grid grid = Grid(mask.Grid, factor, name);
        var inside = new bool[grid.Size.Voxels];
        for (int i = 0; i < inside.Length; i++)
        {
            (int x, int y, int z) = grid.Size.Position(i);
            inside[i] = WholeBlock(mask, x * factor, y * factor, z * factor, factor);
        }

        var result = new Mask(grid, inside);
        return result.Count > 0
            ? result
            : throw new DataException($"{name}: none of the blocks of {factor}³ voxels lies wholly inside ({mask.Count} voxels are inside), at least one was expected. Check the mask or choose a smaller factor.");
    }

    /// <summary>Block means of the values of one volume, x fastest, into a buffer of the LR size.</summary>
    public static void Apply(ReadOnlySpan<float> values, GridSize size, int factor, Span<float> means)
    {
        var coarse = new GridSize(size.X / factor, size.Y / factor, size.Z / factor);
        double scale = 1.0 / ((double)factor * factor * factor);
        var row = new double[coarse.X];
        for (int z = 0; z < coarse.Z; z++)
        {
            for (int y = 0; y < coarse.Y; y++)
            {
                Array.Clear(row);
                for (int line = 0; line < factor * factor; line++)
                {
                    int start = size.Index(0, y * factor + line % factor, z * factor + line / factor);
                    AddBlocks(values.Slice(start, coarse.X * factor), factor, row);
                }

                int offset = coarse.Index(0, y, z);
                for (int x = 0; x < row.Length; x++)
                {
                    means[offset + x] = (float)(row[x] * scale);
                }
            }
        }
    }

    private static void AddBlocks(ReadOnlySpan<float> line, int factor, double[] sums)
    {
        for (int x = 0, i = 0; x < sums.Length; x++)
        {
            double sum = 0;
            for (int end = i + factor; i < end; i++)
            {
                sum += line[i];
            }

            sums[x] += sum;
        }
    }

    private static bool WholeBlock(Mask mask, int x, int y, int z, int factor)
    {
        for (int dz = 0; dz < factor; dz++)
        {
            for (int dy = 0; dy < factor; dy++)
            {
                if (mask.Values.AsSpan(mask.Grid.Size.Index(x, y + dy, z + dz), factor).Contains(false))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
