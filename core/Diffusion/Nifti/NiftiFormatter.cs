using System.Text;

namespace Iqt.Diffusion;

/// <summary>Writes a header of either version and byte order, with its extensions.</summary>
internal static class NiftiFormatter
{
    /// <summary>The version that a header is written as.</summary>
    public static NiftiVersion VersionOf(NiftiHeader header) =>
        header.Version == NiftiVersion.Two || Sizes(header).Any(size => size > short.MaxValue) ? NiftiVersion.Two : NiftiVersion.One;

    /// <summary>All bytes before the samples of a single file, or those of a .hdr file.</summary>
    /// <exception cref="NiftiException">Too many axes, or an axis of size 0.</exception>
    public static byte[] Format(NiftiHeader header, bool pair, string file)
    {
        int[] sizes = Sizes(header);
        if (sizes.Length > 5 || sizes.Any(size => size < 1))
        {
            throw new NiftiException(NiftiFault.Unwritable, file, $"an image of {string.Join('×', sizes)} can't be NIfTI: 3 to 5 axes of at least 1 were expected. Split the image.");
        }

        NiftiLayout layout = VersionOf(header) == NiftiVersion.One ? NiftiLayout.One : NiftiLayout.Two;
        byte[] extensions = NiftiExtensions.Format(header.Extensions, header.BigEndian);
        var fields = new NiftiFields(new byte[layout.Size], header.BigEndian);
        fields.Set(new NiftiField(0, NiftiDataType.Int32), layout.Size);
        if (layout.Version == NiftiVersion.One)
        {
            // A reader may want the "regular" flag of ANALYZE.
            fields.Bytes[38] = (byte)'r';
        }

        fields.Set(layout.Dim, (long)sizes.Length);
        for (int axis = 1; axis <= 7; axis++)
        {
            fields.Set(layout.Dim, axis <= sizes.Length ? sizes[axis - 1] : 1L, axis);
        }

        fields.Set(layout.Intent, (long)header.Intent);
        fields.Set(layout.IntentParameters, header.IntentParameter);
        fields.Set(layout.DataType, (long)header.DataType);
        fields.Set(layout.BitsPerSample, 8L * NiftiSamples.BytesOf(header.DataType));
        fields.Set(layout.DataOffset, pair ? 0L : layout.Size + extensions.Length);
        fields.Set(layout.Slope, header.Slope);
        fields.Set(layout.Intercept, header.Intercept);
        fields.Set(layout.Units, (long)NiftiUnits.Code(header.SeriesUnit));
        NiftiOrientation.Write(fields, layout, header);
        WriteDescription(fields.Bytes.AsSpan(layout.Description, NiftiLayout.DescriptionLength), header.Description);
        Encoding.Latin1.GetBytes(pair ? layout.PairMagic : layout.SingleFileMagic).CopyTo(fields.Bytes, layout.Magic);
        return [.. fields.Bytes, .. extensions];
    }

    private static int[] Sizes(NiftiHeader header) =>
        [header.Grid.Size.X, header.Grid.Size.Y, header.Grid.Size.Z, .. header.SeriesSize];

    private static void WriteDescription(Span<byte> target, string description)
    {
        byte[] text = Encoding.UTF8.GetBytes(description);
        text.AsSpan(0, Math.Min(text.Length, target.Length - 1)).CopyTo(target);
    }
}
