using System.Buffers.Binary;
using System.Text;

namespace Iqt.Diffusion;

/// <summary>Reads a header of either version and byte order.</summary>
internal static class NiftiParser
{
    /// <summary>Bytes needed to tell version and byte order.</summary>
    public const int SizeFieldLength = 4;

    private const int MostAxes = 7, MostUsedAxes = 5;

    /// <summary>Which header begins with these four bytes.</summary>
    /// <exception cref="NiftiException">None.</exception>
    public static (NiftiLayout Layout, bool BigEndian) Detect(ReadOnlySpan<byte> start, string file)
    {
        int little = BinaryPrimitives.ReadInt32LittleEndian(start), big = BinaryPrimitives.ReadInt32BigEndian(start);
        foreach (NiftiLayout layout in new[] { NiftiLayout.One, NiftiLayout.Two })
        {
            if (little == layout.Size || big == layout.Size)
            {
                return (layout, big == layout.Size);
            }
        }

        throw new NiftiException(NiftiFault.NotNifti, file, $"its first four bytes are {little} as a number, 348 (NIfTI-1) or 540 (NIfTI-2) was expected. It is not a NIfTI file; name a .nii, .nii.gz or .hdr.");
    }

    /// <summary>Whether the samples are in a file of their own.</summary>
    /// <exception cref="NiftiException">The magic bytes are neither.</exception>
    public static bool IsPair(ReadOnlySpan<byte> bytes, NiftiLayout layout, string file)
    {
        string magic = Encoding.Latin1.GetString(bytes.Slice(layout.Magic, layout.SingleFileMagic.Length));
        if (magic == layout.SingleFileMagic || magic == layout.PairMagic)
        {
            return magic == layout.PairMagic;
        }

        string hint = magic.Length > 4 && layout.SingleFileMagic.StartsWith(magic[..3], StringComparison.Ordinal)
            ? "It was transferred as text, which changed its line ends; copy it again as binary"
            : "It is not NIfTI (perhaps ANALYZE 7.5) or damaged; convert it to NIfTI";
        throw new NiftiException(NiftiFault.NotNifti, file, $"the magic bytes at {layout.Magic} are '{Printable(magic)}', '{Printable(layout.SingleFileMagic)}' or '{Printable(layout.PairMagic)}' was expected. {hint}.");
    }

    /// <summary>All but the extensions.</summary>
    /// <exception cref="NiftiException">Damaged, or of a type not read.</exception>
    public static NiftiHeader Parse(byte[] bytes, NiftiLayout layout, bool bigEndian, bool pair, string file)
    {
        var fields = new NiftiFields(bytes, bigEndian);
        (GridSize size, int[] series) = ParseSizes(fields, layout, file);
        long units = fields.Integer(layout.Units);
        (NiftiSeriesUnit seriesUnit, double seriesScale) = NiftiUnits.Series(units);
        NiftiOrientation orientation = NiftiOrientation.Parse(fields, layout, NiftiUnits.Millimetres(units), file);
        return new NiftiHeader
        {
            Grid = new Grid(size, orientation.Affine),
            SeriesSize = series,
            DataType = ParseDataType(fields, layout, file),
            Slope = fields.Real(layout.Slope),
            Intercept = fields.Real(layout.Intercept),
            SeriesSpacing = seriesScale * fields.Real(layout.PixDim, 4),
            SeriesUnit = seriesUnit,
            SformCode = orientation.SformCode,
            QformCode = orientation.QformCode,
            Qform = orientation.Qform,
            Intent = (int)fields.Integer(layout.Intent),
            IntentParameter = fields.Real(layout.IntentParameters),
            Description = Encoding.UTF8.GetString(bytes, layout.Description, NiftiLayout.DescriptionLength).Split('\0')[0].TrimEnd(),
            Version = layout.Version,
            BigEndian = bigEndian,
            DataOffset = ParseOffset(fields, layout, pair, file),
        };
    }

    private static (GridSize Size, int[] Series) ParseSizes(NiftiFields fields, NiftiLayout layout, string file)
    {
        long rank = fields.Integer(layout.Dim);
        if (rank is < 3 or > MostAxes)
        {
            throw Damaged(file, $"has {rank} axes, 3 to {MostUsedAxes} were expected. The header is damaged or the image is not a volume");
        }

        var sizes = new List<long>();
        for (int axis = 1; axis <= rank; axis++)
        {
            sizes.Add(fields.Integer(layout.Dim, axis));
            if (sizes[^1] is < 1 or > int.MaxValue)
            {
                throw Damaged(file, $"axis {axis} has size {sizes[^1]}, 1 to {(layout.Version == NiftiVersion.One ? short.MaxValue : int.MaxValue)} was expected. The header is damaged; convert the image again from its source");
            }
        }

        // Axes of size 1 at the end say nothing: a 3D image stored as 4D with one volume is 3D.
        while (sizes.Count > 3 && sizes[^1] == 1)
        {
            sizes.RemoveAt(sizes.Count - 1);
        }

        if (sizes.Count > MostUsedAxes)
        {
            throw new NiftiException(NiftiFault.Content, file, $"has {sizes.Count} axes longer than 1, at most {MostUsedAxes} were expected. Split the image.");
        }

        // In double: three axes of 2³¹ are more than a long holds.
        double voxels = (double)sizes[0] * sizes[1] * sizes[2];
        double volumes = sizes.Skip(3).Aggregate(1.0, (product, size) => product * size);
        if (voxels > Array.MaxLength || volumes > int.MaxValue)
        {
            throw new NiftiException(NiftiFault.TooLarge, file, $"claims {string.Join('×', sizes)} voxels, more than {Array.MaxLength} a volume can't be held. The header is probably damaged.");
        }

        return (new GridSize((int)sizes[0], (int)sizes[1], (int)sizes[2]), [.. sizes.Skip(3).Select(size => (int)size)]);
    }

    private static NiftiDataType ParseDataType(NiftiFields fields, NiftiLayout layout, string file)
    {
        long code = fields.Integer(layout.DataType), bits = fields.Integer(layout.BitsPerSample);
        var type = (NiftiDataType)code;
        if (type == NiftiDataType.Unknown || !Enum.IsDefined(type))
        {
            string known = string.Join(", ", Enum.GetValues<NiftiDataType>().Where(known => known != NiftiDataType.Unknown).Select(known => $"{(int)known} ({known})"));
            throw new NiftiException(NiftiFault.DataType, file, $"has datatype {code}, one of {known} was expected. Convert it, for example with mrconvert -datatype float32.");
        }

        // Some writers leave bitpix 0; a wrong number says that the header is not to be trusted.
        int expected = 8 * NiftiSamples.BytesOf(type);
        return bits == 0 || bits == expected
            ? type
            : throw Damaged(file, $"has {bits} bits a sample, {expected} was expected for {type}. The header is damaged; convert the image again from its source");
    }

    private static long ParseOffset(NiftiFields fields, NiftiLayout layout, bool pair, string file)
    {
        double offset = layout.DataOffset.Type == NiftiDataType.Int64 ? fields.Integer(layout.DataOffset) : fields.Real(layout.DataOffset);
        if (offset == 0 && !pair)
        {
            return layout.ExtensionOffset;
        }

        // Beyond 2^53 a double does not name every byte; no file is that long.
        long least = pair ? 0 : layout.Size;
        return offset >= least && offset < 1L << 53
            ? (long)offset
            : throw Damaged(file, $"says that its data begins at byte {offset:R}, at least {least} was expected. The header is damaged");
    }

    private static NiftiException Damaged(string file, string problem) => new(NiftiFault.Header, file, problem + ".");

    private static string Printable(string text) => new([.. text.TrimEnd('\0').Select(letter => char.IsControl(letter) ? '.' : letter)]);
}
