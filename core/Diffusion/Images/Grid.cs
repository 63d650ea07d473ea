namespace Iqt.Diffusion;

/// <summary>Where the voxels of an image lie: their number along each axis and their place in the scanner.</summary>
public sealed record Grid(GridSize Size, Affine Affine)
{
    /// <summary>The grid of blocks of <paramref name="factor"/>³ voxels; an incomplete last block is dropped.</summary>
    public Grid Downsampled(int factor) =>
        new(new GridSize(Size.X / factor, Size.Y / factor, Size.Z / factor), Affine.Downsampled(factor));

    /// <summary>The grid with every voxel split into <paramref name="factor"/>³.</summary>
    /// <exception cref="DataException">More voxels than an image can hold.</exception>
    public Grid Upsampled(int factor)
    {
        // In double: three long axes are more than any integer holds.
        double voxels = (double)Size.X * Size.Y * Size.Z * factor * factor * factor;
        return voxels <= Array.MaxLength
            ? new(new GridSize(Size.X * factor, Size.Y * factor, Size.Z * factor), Affine.Upsampled(factor))
            : throw new DataException($"an image of {Size} voxels, each split into {factor}³: {voxels:F0} voxels are more than {Array.MaxLength}, which one image can hold. Crop the image.");
    }
}
