using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Iqt.Diffusion;

/// <summary>Turns stored samples into numbers and back.</summary>
internal static class NiftiSamples
{
    public static int BytesOf(NiftiDataType type) => type switch
    {
        NiftiDataType.UInt8 or NiftiDataType.Int8 => 1,
        NiftiDataType.Int16 or NiftiDataType.UInt16 => 2,
        NiftiDataType.Int32 or NiftiDataType.Float32 => 4,
        NiftiDataType.Float64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a sample type that Iqt reads."),
    };

    /// <summary>Samples as values; <paramref name="bytes"/> is changed if its byte order has to be.</summary>
    public static void Decode(Span<byte> bytes, NiftiHeader header, Span<float> values)
    {
        if (header.BigEndian == BitConverter.IsLittleEndian)
        {
            ReverseBytes(bytes, BytesOf(header.DataType));
        }

        // slope · sample + intercept in double: an int16 sample times a large slope must not lose digits on the way.
        (double slope, double intercept) = header.IsScaled ? (header.Slope, header.Intercept) : (1, 0);
        switch (header.DataType)
        {
            case NiftiDataType.UInt8:
                Scale(bytes, values, slope, intercept);
                break;
            case NiftiDataType.Int8:
                Scale(MemoryMarshal.Cast<byte, sbyte>(bytes), values, slope, intercept);
                break;
            case NiftiDataType.Int16:
                Scale(MemoryMarshal.Cast<byte, short>(bytes), values, slope, intercept);
                break;
            case NiftiDataType.UInt16:
                Scale(MemoryMarshal.Cast<byte, ushort>(bytes), values, slope, intercept);
                break;
            case NiftiDataType.Int32:
                Scale(MemoryMarshal.Cast<byte, int>(bytes), values, slope, intercept);
                break;
            case NiftiDataType.Float32 when !header.IsScaled:
                MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
                break;
            case NiftiDataType.Float32:
                Scale(MemoryMarshal.Cast<byte, float>(bytes), values, slope, intercept);
                break;
            default:
                Scale(MemoryMarshal.Cast<byte, double>(bytes), values, slope, intercept);
                break;
        }
    }

    /// <summary>
    /// Values as little-endian samples, integers rounded to the nearest. False where a value doesn't fit the
    /// type; <paramref name="misfit"/> is that value.
    /// </summary>
    public static bool TryEncode(ReadOnlySpan<float> values, NiftiHeader header, Span<byte> bytes, out float misfit)
    {
        misfit = 0;
        (double slope, double intercept) = header.IsScaled ? (header.Slope, header.Intercept) : (1, 0);
        int size = BytesOf(header.DataType);
        (double low, double high) = header.DataType switch
        {
            NiftiDataType.UInt8 => (byte.MinValue, byte.MaxValue),
            NiftiDataType.Int16 => (short.MinValue, short.MaxValue),
            _ => (double.NegativeInfinity, double.PositiveInfinity),
        };
        for (int i = 0; i < values.Length; i++)
        {
            double sample = (values[i] - intercept) / slope;
            if (header.DataType == NiftiDataType.Float32)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes[(i * size)..], (float)sample);
                continue;
            }

            sample = Math.Round(sample);
            if (!(sample >= low && sample <= high))
            {
                misfit = values[i];
                return false;
            }

            if (size == 1)
            {
                bytes[i] = (byte)sample;
            }
            else
            {
                BinaryPrimitives.WriteInt16LittleEndian(bytes[(i * size)..], (short)sample);
            }
        }

        return true;
    }

    private static void Scale<T>(ReadOnlySpan<T> samples, Span<float> values, double slope, double intercept)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        for (int i = 0; i < samples.Length; i++)
        {
            values[i] = (float)(slope * double.CreateTruncating(samples[i]) + intercept);
        }
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
