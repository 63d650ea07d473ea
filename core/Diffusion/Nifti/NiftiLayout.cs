namespace Iqt.Diffusion;

/// <summary>A number in a header: where its first byte stands and how wide it is.</summary>
/// <param name="Offset">In bytes from the header's start.</param>
/// <param name="Type">Integers of 8, 16, 32 or 64 bits, or IEEE numbers of 32 or 64.</param>
internal readonly record struct NiftiField(int Offset, NiftiDataType Type);

/// <summary>Where the fields of a header stand: nifti1.h and nifti2.h differ in places and widths, not in meaning.</summary>
internal sealed record NiftiLayout
{
    /// <summary>NIfTI-1.</summary>
    public static readonly NiftiLayout One = new()
    {
        Version = NiftiVersion.One,
        Size = 348,
        Magic = 344,
        SingleFileMagic = "n+1\0",
        PairMagic = "ni1\0",
        Dim = new(40, NiftiDataType.Int16),
        IntentParameters = new(56, NiftiDataType.Float32),
        Intent = new(68, NiftiDataType.Int16),
        DataType = new(70, NiftiDataType.Int16),
        BitsPerSample = new(72, NiftiDataType.Int16),
        PixDim = new(76, NiftiDataType.Float32),
        DataOffset = new(108, NiftiDataType.Float32),
        Slope = new(112, NiftiDataType.Float32),
        Intercept = new(116, NiftiDataType.Float32),
        Units = new(123, NiftiDataType.UInt8),
        Description = 148,
        QformCode = new(252, NiftiDataType.Int16),
        SformCode = new(254, NiftiDataType.Int16),
        Quaternion = new(256, NiftiDataType.Float32),
        SformRows = new(280, NiftiDataType.Float32),
    };

    /// <summary>NIfTI-2. The last four bytes of its magic tell a transfer in text mode.</summary>
    public static readonly NiftiLayout Two = new()
    {
        Version = NiftiVersion.Two,
        Size = 540,
        Magic = 4,
        SingleFileMagic = "n+2\0\r\n\u001a\n",
        PairMagic = "ni2\0\r\n\u001a\n",
        DataType = new(12, NiftiDataType.Int16),
        BitsPerSample = new(14, NiftiDataType.Int16),
        Dim = new(16, NiftiDataType.Int64),
        IntentParameters = new(80, NiftiDataType.Float64),
        PixDim = new(104, NiftiDataType.Float64),
        DataOffset = new(168, NiftiDataType.Int64),
        Slope = new(176, NiftiDataType.Float64),
        Intercept = new(184, NiftiDataType.Float64),
        Description = 240,
        QformCode = new(344, NiftiDataType.Int32),
        SformCode = new(348, NiftiDataType.Int32),
        Quaternion = new(352, NiftiDataType.Float64),
        SformRows = new(400, NiftiDataType.Float64),
        Units = new(500, NiftiDataType.Int32),
        Intent = new(504, NiftiDataType.Int32),
    };

    /// <summary>Length of the description in either version, the closing zero included.</summary>
    public const int DescriptionLength = 80;

    public required NiftiVersion Version { get; init; }

    /// <summary>Bytes of the header; its first field says so, which tells version and byte order.</summary>
    public required int Size { get; init; }

    public required int Magic { get; init; }

    public required string SingleFileMagic { get; init; }

    public required string PairMagic { get; init; }

    /// <summary>Number of axes, then the sizes of seven.</summary>
    public required NiftiField Dim { get; init; }

    /// <summary>Three numbers whose meaning the intent decides.</summary>
    public required NiftiField IntentParameters { get; init; }

    public required NiftiField Intent { get; init; }

    public required NiftiField DataType { get; init; }

    public required NiftiField BitsPerSample { get; init; }

    /// <summary>qfac, then spacings of seven axes.</summary>
    public required NiftiField PixDim { get; init; }

    public required NiftiField DataOffset { get; init; }

    public required NiftiField Slope { get; init; }

    public required NiftiField Intercept { get; init; }

    public required NiftiField Units { get; init; }

    public required int Description { get; init; }

    public required NiftiField QformCode { get; init; }

    public required NiftiField SformCode { get; init; }

    /// <summary>b, c, d and the three offsets.</summary>
    public required NiftiField Quaternion { get; init; }

    /// <summary>Three rows of four.</summary>
    public required NiftiField SformRows { get; init; }

    /// <summary>Bytes before the extensions: the header and four that say whether there are any.</summary>
    public int ExtensionOffset => Size + 4;
}
