using System.Buffers.Binary;
using System.Text;

namespace Iqt.Diffusion;

/// <summary>Writes a header as NIfTI-1, little-endian: 348 bytes and four zeros (no extensions).</summary>
internal static class Nifti1Formatter
{
    // "Scanner anatomical": the affine comes from the scan itself.
    private const short ScannerCode = 1;

    // Millimetres and seconds.
    private const byte Units = 2 | 8;

    public static byte[] Format(NiftiHeader header, string file)
    {
        int[] sizes = [header.Grid.Size.X, header.Grid.Size.Y, header.Grid.Size.Z, .. header.SeriesSize];
        if (sizes.Length > 5 || sizes.Any(size => size is < 1 or > short.MaxValue))
        {
            throw new NiftiException(file, $"an image of {string.Join('×', sizes)} can't be NIfTI-1: 3 to 5 axes of 1 to {short.MaxValue} were expected. Crop or split the image.");
        }

        var bytes = new byte[Nifti1Layout.SingleFileDataOffset];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Nifti1Layout.Size);
        // A reader may want the "regular" flag of ANALYZE.
        bytes[38] = (byte)'r';
        Short(bytes, Nifti1Layout.Dim, sizes.Length);
        for (int axis = 1; axis <= 7; axis++)
        {
            Short(bytes, Nifti1Layout.Dim + 2 * axis, axis <= sizes.Length ? sizes[axis - 1] : 1);
        }

        Short(bytes, Nifti1Layout.IntentCode, header.Intent);
        Short(bytes, Nifti1Layout.DataType, (int)header.DataType);
        Short(bytes, Nifti1Layout.BitPix, 8 * NiftiSamples.BytesOf(header.DataType));
        Float(bytes, Nifti1Layout.VoxOffset, Nifti1Layout.SingleFileDataOffset);
        Float(bytes, Nifti1Layout.SclSlope, header.Slope);
        Float(bytes, Nifti1Layout.SclInter, header.Intercept);
        bytes[Nifti1Layout.XyztUnits] = Units;
        WriteDescription(bytes, header.Description);
        WriteOrientation(bytes, header);
        "n+1\0"u8.CopyTo(bytes.AsSpan(Nifti1Layout.Magic));
        return bytes;
    }

    private static void WriteOrientation(byte[] bytes, NiftiHeader header)
    {
        Affine affine = header.Grid.Affine;
        (double x, double y, double z) = affine.VoxelSize;
        var quaternion = NiftiQuaternion.FromAffine(affine);
        double[] pixdim = [quaternion?.Qfac ?? 1, x, y, z, header.SeriesSpacing];
        for (int i = 0; i < pixdim.Length; i++)
        {
            Float(bytes, Nifti1Layout.PixDim + 4 * i, pixdim[i]);
        }

        // Both forms say the same, since some programs look at the sform first and some at the qform.
        Short(bytes, Nifti1Layout.SformCode, ScannerCode);
        for (int i = 0; i < 12; i++)
        {
            Float(bytes, Nifti1Layout.Srow + 4 * i, affine[i / 4, i % 4]);
        }

        if (quaternion is var (b, c, d, _))
        {
            Short(bytes, Nifti1Layout.QformCode, ScannerCode);
            double[] q = [b, c, d, affine[0, 3], affine[1, 3], affine[2, 3]];
            for (int i = 0; i < 6; i++)
            {
                Float(bytes, Nifti1Layout.QuaternB + 4 * i, q[i]);
            }
        }
    }

    private static void WriteDescription(byte[] bytes, string description)
    {
        byte[] text = Encoding.UTF8.GetBytes(description);
        text.AsSpan(0, Math.Min(text.Length, Nifti1Layout.DescripLength - 1)).CopyTo(bytes.AsSpan(Nifti1Layout.Descrip));
    }

    private static void Short(byte[] bytes, int offset, int value) =>
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(offset), checked((short)value));

    private static void Float(byte[] bytes, int offset, double value) =>
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(offset), (float)value);
}
