namespace Iqt.Diffusion;

/// <summary>
/// What a NIfTI header says of its image, whatever the version, byte order and units it was stored in. The same
/// record, changed where wanted, is what a file is written from.
/// </summary>
public sealed record NiftiHeader
{
    /// <summary>
    /// Voxels of one volume and their place in mm. On reading the affine is the sform, else the qform, else the
    /// voxel sizes.
    /// </summary>
    public required Grid Grid { get; init; }

    /// <summary>Sizes of the axes after the third, outermost last; empty for a 3D image.</summary>
    public IReadOnlyList<int> SeriesSize { get; init; } = [];

    /// <summary>How samples are stored.</summary>
    public NiftiDataType DataType { get; init; } = NiftiDataType.Float32;

    /// <summary>Value = Slope · sample + Intercept; 0 means that samples are the values.</summary>
    public double Slope { get; init; }

    /// <summary>See <see cref="Slope"/>.</summary>
    public double Intercept { get; init; }

    /// <summary>Spacing along the fourth axis (repetition time for a series), 0 if not stated.</summary>
    public double SeriesSpacing { get; init; }

    /// <summary>Unit of <see cref="SeriesSpacing"/>.</summary>
    public NiftiSeriesUnit SeriesUnit { get; init; } = NiftiSeriesUnit.Seconds;

    /// <summary>What the sform's coordinates mean; unknown if there is no sform.</summary>
    public NiftiSpace SformCode { get; init; } = NiftiSpace.Scanner;

    /// <summary>What the qform's coordinates mean; unknown if there is no qform.</summary>
    public NiftiSpace QformCode { get; init; } = NiftiSpace.Scanner;

    /// <summary>The qform where it is another map than the grid's affine; null where it is the same.</summary>
    public Affine? Qform { get; init; }

    /// <summary>NIfTI's intent code (1005: symmetric matrix), 0 if none.</summary>
    public int Intent { get; init; }

    /// <summary>First parameter of the intent (for 1005 the number of rows).</summary>
    public double IntentParameter { get; init; }

    /// <summary>Free text of at most 79 bytes.</summary>
    public string Description { get; init; } = "";

    /// <summary>Blocks that programs have added.</summary>
    public IReadOnlyList<NiftiExtension> Extensions { get; init; } = [];

    /// <summary>Version of the header; a version 1 whose axes are too long is written as version 2.</summary>
    public NiftiVersion Version { get; init; } = NiftiVersion.One;

    /// <summary>Whether the file is in big-endian byte order.</summary>
    public bool BigEndian { get; init; }

    /// <summary>Where the samples begin in the (uncompressed) file, in bytes; the writer sets it anew.</summary>
    public long DataOffset { get; init; }

    /// <summary>Number of volumes: the product of <see cref="SeriesSize"/>.</summary>
    public int Volumes => SeriesSize.Aggregate(1, (product, size) => checked(product * size));

    /// <summary>Whether samples need <see cref="Slope"/> and <see cref="Intercept"/>.</summary>
    public bool IsScaled => Slope != 0 && double.IsFinite(Slope) && double.IsFinite(Intercept) && (Slope != 1 || Intercept != 0);

    /// <summary>Bytes of one stored volume.</summary>
    public long BytesPerVolume => (long)Grid.Size.Voxels * NiftiSamples.BytesOf(DataType);

    /// <summary>For example <c>128×128×60×33 Float32</c>.</summary>
    public override string ToString() => string.Join('×', [Grid.Size.ToString(), .. SeriesSize]) + " " + DataType;
}
