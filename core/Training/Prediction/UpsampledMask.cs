using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>The HR mask where only an LR one is known: every LR voxel becomes r³ HR voxels.</summary>
public static class UpsampledMask
{
    /// <summary>The mask on the upsampled grid.</summary>
    public static Mask Of(Mask mask, int rate)
    {
        Grid grid = mask.Grid.Upsampled(rate);
        var inside = new bool[grid.Size.Voxels];
        for (int i = 0; i < inside.Length; i++)
        {
            (int x, int y, int z) = grid.Size.Position(i);
            inside[i] = mask[x / rate, y / rate, z / rate];
        }

        return new Mask(grid, inside);
    }
}
