using System.Numerics;

namespace Iqt.Diffusion.Phantom;

/// <summary>
/// What a receiving coil does to the signal: a smooth positive factor, exp(strength · field), with waves longer than a
/// head, so that signals change by some percent from one lobe to the next. Ratios of signals, and with them noise-free
/// tensors, stay as they are; the noise does not grow with the signal.
/// </summary>
internal static class BiasField
{
    private const float ShortestWave = 150, LongestWave = 300;

    /// <summary>The factor of each voxel.</summary>
    /// <param name="seed">Of the subject.</param>
    /// <param name="geometry">Where voxels lie.</param>
    /// <param name="voxels">Their offsets in the grid.</param>
    /// <param name="strength">Standard deviation of the factor's logarithm.</param>
    public static float[] Gains(SubjectSeed seed, PhantomGeometry geometry, int[] voxels, double strength)
    {
        var field = new SmoothField(seed.For("bias field"), ShortestWave * geometry.BrainSize, LongestWave * geometry.BrainSize, 16);
        GridSize size = geometry.Grid.Size;
        Vector3 middle = new Vector3(size.X - 1, size.Y - 1, size.Z - 1) / 2;
        return Array.ConvertAll(voxels, voxel =>
        {
            (int x, int y, int z) = size.Position(voxel);
            return MathF.Exp((float)strength * field.At(geometry.VoxelSize * (new Vector3(x, y, z) - middle)));
        });
    }
}
