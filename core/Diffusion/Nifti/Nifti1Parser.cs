using System.Buffers.Binary;
using System.Text;

namespace Iqt.Diffusion;

/// <summary>Reads the 348 bytes of a NIfTI-1 header, either byte order.</summary>
internal static class Nifti1Parser
{
    // More voxels than this along an axis is no scanner's image but a damaged header; dim is a 16-bit number anyhow.
    private const int LargestAxis = short.MaxValue;

    public static NiftiHeader Parse(ReadOnlySpan<byte> bytes, string file)
    {
        bool bigEndian = DetectByteOrder(bytes, file);
        string magic = Encoding.ASCII.GetString(bytes.Slice(Nifti1Layout.Magic, 3));
        if (magic == "ni1")
        {
            throw new NiftiException(file, "is the header of a .hdr/.img pair; single files (.nii, .nii.gz) are expected. Convert it, for example with fslchfiletype NIFTI_GZ.");
        }

        if (magic != "n+1")
        {
            throw new NiftiException(file, $"the magic bytes at 344 are '{Printable(magic)}', 'n+1' was expected. It is not NIfTI-1 (perhaps ANALYZE 7.5); convert it to NIfTI.");
        }

        var fields = new Fields(bytes.ToArray(), bigEndian);
        (GridSize size, int[] series) = ParseSizes(fields, file);
        return new NiftiHeader
        {
            Grid = new Grid(size, ParseAffine(fields, file)),
            SeriesSize = series,
            DataType = ParseDataType(fields, file),
            Slope = fields.Float(Nifti1Layout.SclSlope),
            Intercept = fields.Float(Nifti1Layout.SclInter),
            SeriesSpacing = fields.Float(Nifti1Layout.PixDim + 16),
            Intent = fields.Short(Nifti1Layout.IntentCode),
            Description = Encoding.UTF8.GetString(bytes.Slice(Nifti1Layout.Descrip, Nifti1Layout.DescripLength)).TrimEnd('\0', ' '),
            DataOffset = ParseOffset(fields, file),
            BigEndian = bigEndian,
        };
    }

    private static bool DetectByteOrder(ReadOnlySpan<byte> bytes, string file)
    {
        int little = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        int big = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (little == Nifti1Layout.Size)
        {
            return false;
        }

        if (big == Nifti1Layout.Size)
        {
            return true;
        }

        if (little == 540 || big == 540)
        {
            throw new NiftiException(file, "is NIfTI-2, which is not read yet; NIfTI-1 was expected. Convert it, for example with mrconvert or nibabel.");
        }

        throw new NiftiException(file, $"its first four bytes are {little} as a number, 348 (NIfTI-1) was expected. It is not a NIfTI file; name a .nii or .nii.gz.");
    }

    private static (GridSize Size, int[] Series) ParseSizes(Fields fields, string file)
    {
        int rank = fields.Short(Nifti1Layout.Dim);
        if (rank is < 3 or > 7)
        {
            throw new NiftiException(file, $"has {rank} axes, 3 to 5 were expected. The header is damaged or the image is not a volume.");
        }

        var sizes = new List<int>();
        for (int axis = 1; axis <= rank; axis++)
        {
            int size = fields.Short(Nifti1Layout.Dim + 2 * axis);
            if (size < 1)
            {
                throw new NiftiException(file, $"axis {axis} has size {size}, 1 to {LargestAxis} was expected. The header is damaged; convert the image again from its source.");
            }

            sizes.Add(size);
        }

        // Axes of size 1 at the end say nothing: a 3D image stored as 4D with one volume is 3D.
        while (sizes.Count > 3 && sizes[^1] == 1)
        {
            sizes.RemoveAt(sizes.Count - 1);
        }

        if (sizes.Count > 5)
        {
            throw new NiftiException(file, $"has {sizes.Count} axes longer than 1, at most 5 were expected. Split the image.");
        }

        long voxels = (long)sizes[0] * sizes[1] * sizes[2];
        long volumes = sizes.Skip(3).Aggregate(1L, (product, size) => product * size);
        if (voxels > Array.MaxLength || volumes > int.MaxValue)
        {
            throw new NiftiException(file, $"claims {string.Join('×', sizes)} voxels, more than {Array.MaxLength} a volume can't be held. The header is probably damaged.");
        }

        return (new GridSize(sizes[0], sizes[1], sizes[2]), sizes.Skip(3).ToArray());
    }

    private static NiftiDataType ParseDataType(Fields fields, string file)
    {
        int code = fields.Short(Nifti1Layout.DataType);
        int bits = fields.Short(Nifti1Layout.BitPix);
        var type = (NiftiDataType)code;
        if (type == NiftiDataType.Unknown || !Enum.IsDefined(type))
        {
            throw new NiftiException(file, $"has datatype {code}; uint8 (2), int16 (4), int32 (8), float32 (16), float64 (64), int8 (256) or uint16 (512) was expected. Convert it, for example with mrconvert -datatype float32.");
        }

        // Some writers leave bitpix 0; a wrong number says that the header is not to be trusted.
        int expected = 8 * NiftiSamples.BytesOf(type);
        if (bits != 0 && bits != expected)
        {
            throw new NiftiException(file, $"has {bits} bits a sample, {expected} was expected for {type}. The header is damaged; convert the image again from its source.");
        }

        return type;
    }

    private static long ParseOffset(Fields fields, string file)
    {
        float offset = fields.Float(Nifti1Layout.VoxOffset);
        if (offset == 0)
        {
            return Nifti1Layout.SingleFileDataOffset;
        }

        // The offset is stored as a float; beyond 2^24 it can't name every byte.
        if (!(offset >= Nifti1Layout.Size && offset < 1 << 30))
        {
            throw new NiftiException(file, $"says that its data begins at byte {offset:R}, at least {Nifti1Layout.Size} was expected. The header is damaged.");
        }

        return (long)offset;
    }

    private static Affine ParseAffine(Fields fields, string file)
    {
        Span<double> pixdim = stackalloc double[4];
        for (int i = 0; i < 4; i++)
        {
            pixdim[i] = fields.Float(Nifti1Layout.PixDim + 4 * i);
        }

        Affine affine;
        if (fields.Short(Nifti1Layout.SformCode) > 0)
        {
            Span<double> rows = stackalloc double[12];
            for (int i = 0; i < 12; i++)
            {
                rows[i] = fields.Float(Nifti1Layout.Srow + 4 * i);
            }

            affine = new Affine(rows);
        }
        else if (fields.Short(Nifti1Layout.QformCode) > 0)
        {
            Span<double> q = stackalloc double[6];
            for (int i = 0; i < 6; i++)
            {
                q[i] = fields.Float(Nifti1Layout.QuaternB + 4 * i);
            }

            affine = NiftiQuaternion.ToAffine(q, pixdim);
        }
        else
        {
            affine = Affine.Scaling(Spacing(pixdim[1]), Spacing(pixdim[2]), Spacing(pixdim[3]));
        }

        if (!double.IsFinite(affine.Determinant) || Math.Abs(affine.Determinant) < 1e-12)
        {
            throw new NiftiException(file, $"its orientation (sform or qform) has determinant {affine.Determinant:R}, a number other than 0 was expected. Set it again, for example with fslorient -copyqform2sform.");
        }

        return affine;
    }

    private static double Spacing(double value) => value == 0 || !double.IsFinite(value) ? 1 : Math.Abs(value);

    private static string Printable(string text) => new([.. text.Select(c => char.IsControl(c) ? '.' : c)]);

    private sealed class Fields(byte[] bytes, bool bigEndian)
    {
        public short Short(int offset) => bigEndian
            ? BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(offset))
            : BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(offset));

        public float Float(int offset) => bigEndian
            ? BinaryPrimitives.ReadSingleBigEndian(bytes.AsSpan(offset))
            : BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(offset));
    }
}
