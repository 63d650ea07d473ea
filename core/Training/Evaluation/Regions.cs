using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>
/// The paper's parts of the brain. Interior: HR voxels whose LR patch, the one around the LR voxel they lie in, is
/// wholly inside the LR mask. Exterior: the other brain voxels. And across them, Covered: brain voxels whose own LR voxel is
/// in the LR mask, so that the input says something of them.
/// </summary>
/// <param name="Interior">On the HR grid.</param>
/// <param name="Exterior">On the HR grid.</param>
/// <param name="Covered">On the HR grid.</param>
public sealed record Regions(Mask Interior, Mask Exterior, Mask Covered)
{
    /// <summary>Interior and exterior.</summary>
    public Mask Brain => new(Interior.Grid, [.. Interior.Values.Zip(Exterior.Values, (inner, outer) => inner || outer)]);

    /// <summary>Divides a brain.</summary>
    /// <param name="brain">HR voxels of the brain.</param>
    /// <param name="lowResolutionMask">LR voxels whose whole block is brain.</param>
    /// <param name="patchSize">Edge of the LR patch in LR voxels; 11 in the paper.</param>
    /// <exception cref="DataException">The grids don't fit each other.</exception>
    public static Regions Of(Mask brain, Mask lowResolutionMask, int patchSize)
    {
        GridSize low = lowResolutionMask.Grid.Size, high = brain.Grid.Size;
        int rate = low.X == 0 ? 0 : high.X / low.X;
        if (rate < 1 || high != lowResolutionMask.Grid.Upsampled(rate).Size)
        {
            throw new DataException($"regions: the HR mask has {high} voxels and the LR mask {low}, the same whole multiple along each axis was expected. Prepare the subject again.");
        }

        bool[] whole = WholePatches(lowResolutionMask, patchSize);
        var interior = new bool[high.Voxels];
        var exterior = new bool[high.Voxels];
        var covered = new bool[high.Voxels];
        for (int i = 0; i < interior.Length; i++)
        {
            (int x, int y, int z) = high.Position(i);
            int own = low.Index(x / rate, y / rate, z / rate);
            bool inner = whole[own];
            interior[i] = brain.Values[i] && inner;
            exterior[i] = brain.Values[i] && !inner;
            covered[i] = brain.Values[i] && lowResolutionMask.Values[own];
        }

        return new Regions(new Mask(brain.Grid, interior), new Mask(brain.Grid, exterior), new Mask(brain.Grid, covered));
    }

    // A cube is a line along x of lines along y of lines along z: three passes instead of a look at each voxel of it.
    private static bool[] WholePatches(Mask mask, int patchSize)
    {
        GridSize size = mask.Grid.Size;
        bool[] inside = mask.Values;
        foreach ((int stride, int length) in new[] { (1, size.X), (size.X, size.Y), (size.X * size.Y, size.Z) })
        {
            var next = new bool[inside.Length];
            for (int i = 0; i < inside.Length; i++)
            {
                int first = i / stride % length - patchSize / 2;
                bool whole = first >= 0 && first + patchSize <= length;
                for (int step = 0; whole && step < patchSize; step++)
                {
                    whole = inside[i + (step - patchSize / 2) * stride];
                }

                next[i] = whole;
            }

            inside = next;
        }

        return inside;
    }
}
