namespace Iqt.Diffusion;

/// <summary>
/// A diffusion tensor per voxel as its six unique elements in FSL order (xx, xy, xz, yy, yz, zz), in mm²/s,
/// in the frame of the gradient directions (FSL's: the image axes, x flipped if the affine's determinant is
/// positive).
/// </summary>
public sealed class TensorImage
{
    /// <summary>Number of unique elements of a symmetric 3×3 tensor.</summary>
    public const int Elements = 6;

    /// <param name="grid">Where the voxels lie.</param>
    /// <param name="values">Six volumes one after the other, each x fastest; kept, not copied.</param>
    public TensorImage(Grid grid, float[] values)
    {
        if (values.Length != (long)Elements * grid.Size.Voxels)
        {
            throw new ArgumentException($"A tensor image of {grid.Size} voxels needs {(long)Elements * grid.Size.Voxels} values; {values.Length} were given.", nameof(values));
        }

        Grid = grid;
        Values = values;
    }

    /// <summary>An image of zero tensors.</summary>
    /// <exception cref="DataException">More elements than an array holds.</exception>
    public TensorImage(Grid grid) : this(grid, new float[Length(grid)])
    {
    }

    /// <summary>Where the voxels lie.</summary>
    public Grid Grid { get; }

    /// <summary>Six volumes one after the other (element · voxels + offset), each x fastest.</summary>
    public float[] Values { get; }

    /// <summary>The values of one element (0–5: xx, xy, xz, yy, yz, zz) in all voxels.</summary>
    public Span<float> Element(int element) => Values.AsSpan(element * Grid.Size.Voxels, Grid.Size.Voxels);

    private static int Length(Grid grid)
    {
        long length = (long)Elements * grid.Size.Voxels;
        return length <= Array.MaxLength
            ? (int)length
            : throw new DataException($"tensors of {grid.Size} voxels: {length} numbers are more than {Array.MaxLength}, which one image can hold. Crop the image.");
    }
}
