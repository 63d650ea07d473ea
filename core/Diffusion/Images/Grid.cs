namespace Iqt.Diffusion;

/// <summary>Where the voxels of an image lie: their number along each axis and their place in the scanner.</summary>
public sealed record Grid(GridSize Size, Affine Affine)
{
    /// <summary>The grid of blocks of <paramref name="factor"/>³ voxels; an incomplete last block is dropped.</summary>
    public Grid Downsampled(int factor) =>
        new(new GridSize(Size.X / factor, Size.Y / factor, Size.Z / factor), Affine.Downsampled(factor));

    /// <summary>The grid with every voxel split into <paramref name="factor"/>³.</summary>
    public Grid Upsampled(int factor) =>
        new(new GridSize(Size.X * factor, Size.Y * factor, Size.Z * factor), Affine.Upsampled(factor));
}
