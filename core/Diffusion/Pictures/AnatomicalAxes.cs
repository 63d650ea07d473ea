namespace Iqt.Diffusion;

/// <summary>
/// Which voxel axis runs nearest to each anatomical axis, from the affine (NIfTI: x to the right, y to the front,
/// z up), and whether it runs with it or against it.
/// </summary>
public sealed class AnatomicalAxes
{
    private readonly int[] _voxelAxis = new int[3];
    private readonly bool[] _reversed = new bool[3];

    /// <param name="affine">Voxel indices to RAS+ mm.</param>
    public AnatomicalAxes(Affine affine)
    {
        (double x, double y, double z) = affine.VoxelSize;
        double[] size = [x, y, z];
        double best = double.NegativeInfinity;
        // All six assignments: the greatest sum of |cosines| is the nearest one, however oblique the slab.
        int[][] permutations = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        foreach (int[] axes in permutations)
        {
            double sum = 0;
            for (int anatomical = 0; anatomical < 3; anatomical++)
            {
                sum += Math.Abs(affine[anatomical, axes[anatomical]]) / size[axes[anatomical]];
            }

            if (sum > best)
            {
                best = sum;
                axes.CopyTo(_voxelAxis, 0);
            }
        }

        for (int anatomical = 0; anatomical < 3; anatomical++)
        {
            _reversed[anatomical] = affine[anatomical, _voxelAxis[anatomical]] < 0;
        }
    }

    /// <summary>The voxel axis (0–2) along right-left (0), front-back (1) or up-down (2).</summary>
    public int VoxelAxis(int anatomical) => _voxelAxis[anatomical];

    /// <summary>Whether the voxel index falls towards right, front or up.</summary>
    public bool IsReversed(int anatomical) => _reversed[anatomical];
}
