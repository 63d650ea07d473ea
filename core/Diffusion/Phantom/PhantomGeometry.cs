namespace Iqt.Diffusion.Phantom;

/// <summary>What a <see cref="PhantomScale"/> means in voxels and millimetres.</summary>
/// <param name="Grid">The voxels; the origin of the scanner lies in the middle of the brain.</param>
/// <param name="BrainSize">Length of this brain over that of an adult's.</param>
/// <param name="Subvoxels">Samples of the anatomy along each edge of a voxel.</param>
internal sealed record PhantomGeometry(Grid Grid, float BrainSize, int Subvoxels)
{
    public static PhantomGeometry Of(PhantomScale scale) => scale switch
    {
        // Voxels as at half scale and a smaller brain: networks meet borders of the same sharpness.
        PhantomScale.Tiny => new(Centred(new GridSize(32, 38, 32), 2.5), 32 * 2.5f / 181f, 3),
        PhantomScale.Half => new(Centred(new GridSize(73, 87, 73), 2.5), 1, 3),
        PhantomScale.Full => new(Centred(new GridSize(145, 174, 145), 1.25), 1, 2),
        _ => throw new ArgumentOutOfRangeException(nameof(scale), scale, "unknown scale"),
    };

    /// <summary>Edge of a voxel in mm.</summary>
    public float VoxelSize => (float)Grid.Affine.VoxelSize.X;

    // As HCP: the first axis runs to the left (negative determinant), so that FSL's gradient frame is the image axes.
    private static Grid Centred(GridSize size, double voxel) => new(size, new Affine(
    [
        -voxel, 0, 0, voxel * (size.X - 1) / 2,
        0, voxel, 0, -voxel * (size.Y - 1) / 2,
        0, 0, voxel, -voxel * (size.Z - 1) / 2,
    ]));
}
