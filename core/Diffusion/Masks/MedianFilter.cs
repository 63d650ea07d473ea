namespace Iqt.Diffusion;

/// <summary>Replaces each voxel by the median of its 3×3×3 neighbourhood, which keeps edges; cut off at the border.</summary>
public static class MedianFilter
{
    /// <summary>The filtered volume.</summary>
    public static Volume Apply(Volume volume)
    {
        GridSize size = volume.Grid.Size;
        var result = new Volume(volume.Grid);
        Parallel.For(0, size.Z, z =>
        {
            Span<float> around = stackalloc float[27];
            for (int y = 0; y < size.Y; y++)
            {
                for (int x = 0; x < size.X; x++)
                {
                    int count = Collect(volume, x, y, z, around);
                    around[..count].Sort();
                    result[x, y, z] = around[count / 2];
                }
            }
        });
        return result;
    }

    private static int Collect(Volume volume, int x, int y, int z, Span<float> around)
    {
        GridSize size = volume.Grid.Size;
        int count = 0;
        for (int k = Math.Max(z - 1, 0); k <= Math.Min(z + 1, size.Z - 1); k++)
        {
            for (int j = Math.Max(y - 1, 0); j <= Math.Min(y + 1, size.Y - 1); j++)
            {
                for (int i = Math.Max(x - 1, 0); i <= Math.Min(x + 1, size.X - 1); i++)
                {
                    around[count++] = volume[i, j, k];
                }
            }
        }

        return count;
    }
}
