using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Iqt.Diffusion;

/// <summary>Turns stored samples into numbers and back.</summary>
internal static class NiftiSamples
{
    public static int BytesOf(NiftiDataType type) => type switch
    {
        NiftiDataType.UInt8 or NiftiDataType.Int8 => 1,
        NiftiDataType.Int16 or NiftiDataType.UInt16 => 2,
        NiftiDataType.Int32 or NiftiDataType.UInt32 or NiftiDataType.Float32 => 4,
        NiftiDataType.Int64 or NiftiDataType.UInt64 or NiftiDataType.Float64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a sample type that Iqt reads."),
    };

    /// <summary>Whether stored bytes are the values as they stand.</summary>
    public static bool AreValues<T>(NiftiHeader header) =>
        header.BigEndian != BitConverter.IsLittleEndian && !header.IsScaled
        && (typeof(T) == typeof(float) ? header.DataType == NiftiDataType.Float32 : header.DataType == NiftiDataType.Float64);

    /// <summary>Samples as values; <paramref name="bytes"/> is changed if its byte order has to be.</summary>
    public static void Decode<T>(Span<byte> bytes, NiftiHeader header, Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (header.BigEndian == BitConverter.IsLittleEndian)
        {
            ReverseBytes(bytes, BytesOf(header.DataType));
        }

        // slope · sample + intercept in double: an int16 sample times a large slope must not lose digits on the way.
        (double slope, double intercept) = Scaling(header);
        switch (header.DataType)
        {
            case NiftiDataType.UInt8:
                Scale<byte, T>(bytes, values, slope, intercept);
                break;
            case NiftiDataType.Int8:
                Scale<sbyte, T>(bytes, values, slope, intercept);
                break;
            case NiftiDataType.Int16:
                Scale<short, T>(bytes, values, slope, intercept);
                break;
            case NiftiDataType.UInt16:
                Scale<ushort, T>(bytes, values, slope, intercept);
                break;
            case NiftiDataType.Int32:
                Scale<int, T>(bytes, values, slope, intercept);
                break;
            case NiftiDataType.UInt32:
                Scale<uint, T>(bytes, values, slope, intercept);
                break;
            case NiftiDataType.Int64:
                Scale<long, T>(bytes, values, slope, intercept);
                break;
            case NiftiDataType.UInt64:
                Scale<ulong, T>(bytes, values, slope, intercept);
                break;
            case NiftiDataType.Float32:
                Scale<float, T>(bytes, values, slope, intercept);
                break;
            default:
                Scale<double, T>(bytes, values, slope, intercept);
                break;
        }
    }

    /// <summary>
    /// Values as samples, integers rounded to the nearest. False where a value doesn't fit the type;
    /// <paramref name="misfit"/> is that value.
    /// </summary>
    public static bool TryEncode<T>(ReadOnlySpan<T> values, NiftiHeader header, Span<byte> bytes, out double misfit)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool fits = header.DataType switch
        {
            NiftiDataType.UInt8 => Unscale<byte, T>(values, header, bytes, byte.MinValue, byte.MaxValue, out misfit),
            NiftiDataType.Int8 => Unscale<sbyte, T>(values, header, bytes, sbyte.MinValue, sbyte.MaxValue, out misfit),
            NiftiDataType.Int16 => Unscale<short, T>(values, header, bytes, short.MinValue, short.MaxValue, out misfit),
            NiftiDataType.UInt16 => Unscale<ushort, T>(values, header, bytes, ushort.MinValue, ushort.MaxValue, out misfit),
            NiftiDataType.Int32 => Unscale<int, T>(values, header, bytes, int.MinValue, int.MaxValue, out misfit),
            NiftiDataType.UInt32 => Unscale<uint, T>(values, header, bytes, uint.MinValue, uint.MaxValue, out misfit),
            // The largest doubles below 2⁶³ and 2⁶⁴: the limits themselves would be rounded up to these powers.
            NiftiDataType.Int64 => Unscale<long, T>(values, header, bytes, long.MinValue, Math.BitDecrement(9223372036854775808.0), out misfit),
            NiftiDataType.UInt64 => Unscale<ulong, T>(values, header, bytes, ulong.MinValue, Math.BitDecrement(18446744073709551616.0), out misfit),
            NiftiDataType.Float32 => Unscale<float, T>(values, header, bytes, double.NaN, float.MaxValue, out misfit),
            _ => Unscale<double, T>(values, header, bytes, double.NaN, double.PositiveInfinity, out misfit),
        };
        if (fits && header.BigEndian == BitConverter.IsLittleEndian)
        {
            ReverseBytes(bytes, BytesOf(header.DataType));
        }

        return fits;
    }

    private static (double Slope, double Intercept) Scaling(NiftiHeader header) =>
        header.IsScaled ? (header.Slope, header.Intercept) : (1, 0);

    private static void Scale<TSample, T>(ReadOnlySpan<byte> bytes, Span<T> values, double slope, double intercept)
        where TSample : unmanaged, INumber<TSample>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<TSample> samples = MemoryMarshal.Cast<byte, TSample>(bytes);
        for (int i = 0; i < samples.Length; i++)
        {
            values[i] = T.CreateTruncating(slope * double.CreateTruncating(samples[i]) + intercept);
        }
    }

    // The least sample is NaN for the floating types, which hold infinities and NaN too.
    private static bool Unscale<TSample, T>(ReadOnlySpan<T> values, NiftiHeader header, Span<byte> bytes, double low, double high, out double misfit)
        where TSample : unmanaged, INumber<TSample>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<TSample> samples = MemoryMarshal.Cast<byte, TSample>(bytes);
        (double slope, double intercept) = Scaling(header);
        bool integral = !double.IsNaN(low);
        for (int i = 0; i < values.Length; i++)
        {
            double sample = (double.CreateTruncating(values[i]) - intercept) / slope;
            if (integral)
            {
                sample = Math.Round(sample);
            }

            if (integral ? !(sample >= low && sample <= high) : double.IsFinite(sample) && Math.Abs(sample) > high)
            {
                misfit = double.CreateTruncating(values[i]);
                return false;
            }

            samples[i] = TSample.CreateTruncating(sample);
        }

        misfit = 0;
        return true;
    }

    private static void ReverseBytes(Span<byte> bytes, int size)
    {
        switch (size)
        {
            case 2:
                var shorts = MemoryMarshal.Cast<byte, short>(bytes);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var ints = MemoryMarshal.Cast<byte, int>(bytes);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                var longs = MemoryMarshal.Cast<byte, long>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }
}
