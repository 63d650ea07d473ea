using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>
/// Continues an image beyond its mask: each layer of voxels takes the mean of its known neighbours. Otherwise the
/// zeros outside the brain would be drawn into its edge, and the baseline would be weaker than it need be.
/// </summary>
public static class EdgeExtension
{
    /// <summary>
    /// Layers that interpolation needs: a cubic kernel reaches two voxels, and HR brain voxels may lie in LR voxels just outside
    /// the LR mask.
    /// </summary>
    public const int Layers = 3;

    /// <summary>The extended image; voxels of the mask stay as they are.</summary>
    /// <param name="image">Read only.</param>
    /// <param name="mask">Voxels that are known.</param>
    /// <param name="layers">Layers that are added.</param>
    public static TensorImage Extend(TensorImage image, Mask mask, int layers = Layers)
    {
        GridSize size = image.Grid.Size;
        var result = new TensorImage(image.Grid, [.. image.Values]);
        bool[] known = [.. mask.Values];
        for (int layer = 0; layer < layers; layer++)
        {
            var reached = new List<int>();
            for (int voxel = 0; voxel < known.Length; voxel++)
            {
                if (!known[voxel] && FillFromNeighbours(result, known, size, voxel))
                {
                    reached.Add(voxel);
                }
            }

            // Marked only now: a layer must not grow out of itself.
            reached.ForEach(voxel => known[voxel] = true);
        }

        return result;
    }

    private static bool FillFromNeighbours(TensorImage image, bool[] known, GridSize size, int voxel)
    {
        (int x, int y, int z) = size.Position(voxel);
        Span<double> sums = stackalloc double[TensorImage.Elements];
        int count = 0;
        for (int neighbour = 0; neighbour < 27; neighbour++)
        {
            (int nx, int ny, int nz) = (x + neighbour % 3 - 1, y + neighbour / 3 % 3 - 1, z + neighbour / 9 - 1);
            if (!size.Contains(nx, ny, nz) || !known[size.Index(nx, ny, nz)])
            {
                continue;
            }

            count++;
            for (int element = 0; element < sums.Length; element++)
            {
                sums[element] += image.Values[element * size.Voxels + size.Index(nx, ny, nz)];
            }
        }

        for (int element = 0; count > 0 && element < sums.Length; element++)
        {
            image.Values[element * size.Voxels + voxel] = (float)(sums[element] / count);
        }

        return count > 0;
    }
}
