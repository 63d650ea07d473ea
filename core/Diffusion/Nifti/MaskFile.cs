using System.Globalization;

namespace Iqt.Diffusion;

/// <summary>A mask as a NIfTI file of uint8, 0 outside and 1 inside.</summary>
public static class MaskFile
{
    /// <summary>Reads a 3D image of any type; values above 0 are inside.</summary>
    /// <exception cref="NiftiException">Not readable, several volumes, or nothing inside.</exception>
    public static Mask Read(string path)
    {
        Volume volume = VolumeFile.Read(path);
        var mask = new Mask(volume.Grid, Array.ConvertAll(volume.Values, value => value > 0));
        if (mask.Count == 0)
        {
            throw new NiftiException(NiftiFault.Content, path, "the mask is empty: no value above 0 was found, at least one voxel inside was expected. Name another mask or let Iqt compute one.");
        }

        return mask;
    }

    /// <summary>Reads a mask that has to lie on a given grid.</summary>
    /// <exception cref="NiftiException">As <see cref="Read(string)"/>, or another size or place.</exception>
    public static Mask Read(string path, Grid grid)
    {
        Mask mask = Read(path);
        if (mask.Grid.Size != grid.Size)
        {
            throw new NiftiException(NiftiFault.Content, path, $"the mask has {mask.Grid.Size} voxels, {grid.Size} were expected as in the image. Resample it or name the mask of this image.");
        }

        // A tenth of a voxel: headers of two programs differ by rounding, not by more.
        (double x, double y, double z) = grid.Affine.VoxelSize;
        double distance = CornerDistance(mask.Grid, grid);
        if (distance > 0.1 * Math.Min(x, Math.Min(y, z)))
        {
            string apart = distance.ToString(distance < 1 ? "F2" : "F1", CultureInfo.InvariantCulture);
            throw new NiftiException(NiftiFault.Content, path, $"the mask lies elsewhere than the image: its corners are up to {apart} mm away from the image's by the affines, the same place was expected. Resample it or name the mask of this image.");
        }

        return mask;
    }

    /// <summary>Writes uint8; the file appears complete or not at all.</summary>
    /// <exception cref="DataException">Can't be written.</exception>
    public static void Write(string path, Mask mask)
    {
        using NiftiWriter writer = NiftiWriter.Create(path, new NiftiHeader { Grid = mask.Grid, DataType = NiftiDataType.UInt8 });
        writer.WriteVolume(Array.ConvertAll(mask.Values, inside => inside ? 1f : 0f));
        writer.Commit();
    }

    /// <summary>The largest distance between the same corners of two grids of one size, in mm.</summary>
    private static double CornerDistance(Grid a, Grid b)
    {
        GridSize size = a.Size;
        double largest = 0;
        for (int corner = 0; corner < 8; corner++)
        {
            (int x, int y, int z) = ((corner & 1) * (size.X - 1), (corner >> 1 & 1) * (size.Y - 1), (corner >> 2) * (size.Z - 1));
            (double X, double Y, double Z) p = a.Affine.Apply(x, y, z), q = b.Affine.Apply(x, y, z);
            (double dx, double dy, double dz) = (p.X - q.X, p.Y - q.Y, p.Z - q.Z);
            largest = Math.Max(largest, Math.Sqrt(dx * dx + dy * dy + dz * dz));
        }

        return largest;
    }
}
