using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>
/// Copies boxes out of images. Voxels beyond the image are zero, like those outside the brain: a patch at the edge
/// of the volume looks to the network like one at the edge of the brain.
/// </summary>
public static class BoxReader
{
    /// <summary>The six elements, one after the other, of the voxels of a box.</summary>
    /// <param name="image">The tensors.</param>
    /// <param name="box">May reach beyond the image.</param>
    /// <param name="values">6 · voxels of the box.</param>
    public static void Read(TensorImage image, Box box, Span<float> values)
    {
        CheckLength(values.Length, TensorImage.Elements * box.Voxels);
        for (int element = 0; element < TensorImage.Elements; element++)
        {
            Copy<float>(image.Element(element), image.Grid.Size, box, values.Slice(element * box.Voxels, box.Voxels));
        }
    }

    /// <summary>Which voxels of a box are inside a mask; none beyond the image.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="box">May reach beyond the image.</param>
    /// <param name="inside">One value per voxel of the box.</param>
    public static void Read(Mask mask, Box box, Span<bool> inside)
    {
        CheckLength(inside.Length, box.Voxels);
        Copy<bool>(mask.Values, mask.Grid.Size, box, inside);
    }

    private static void Copy<T>(ReadOnlySpan<T> volume, GridSize size, Box box, Span<T> values)
    {
        values.Clear();
        int first = Math.Max(box.X, 0);
        int count = Math.Min(box.X + box.SizeX, size.X) - first;
        if (count <= 0)
        {
            return;
        }

        for (int z = Math.Max(box.Z, 0); z < Math.Min(box.Z + box.SizeZ, size.Z); z++)
        {
            for (int y = Math.Max(box.Y, 0); y < Math.Min(box.Y + box.SizeY, size.Y); y++)
            {
                int target = first - box.X + box.SizeX * (y - box.Y + box.SizeY * (z - box.Z));
                volume.Slice(size.Index(first, y, z), count).CopyTo(values[target..]);
            }
        }
    }

    private static void CheckLength(int found, int expected)
    {
        if (found != expected)
        {
            throw new ArgumentException($"The box needs a buffer of {expected} values; {found} were given.");
        }
    }
}
