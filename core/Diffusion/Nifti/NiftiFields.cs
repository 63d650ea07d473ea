using System.Buffers.Binary;

namespace Iqt.Diffusion;

/// <summary>The bytes of a header as numbers, in either byte order.</summary>
internal sealed class NiftiFields(byte[] bytes, bool bigEndian)
{
    public byte[] Bytes => bytes;

    /// <summary>Number <paramref name="index"/> of a field that holds integers.</summary>
    public long Integer(NiftiField field, int index = 0)
    {
        ReadOnlySpan<byte> at = At(field, index);
        return (field.Type, bigEndian) switch
        {
            (NiftiDataType.UInt8, _) => at[0],
            (NiftiDataType.Int16, false) => BinaryPrimitives.ReadInt16LittleEndian(at),
            (NiftiDataType.Int16, true) => BinaryPrimitives.ReadInt16BigEndian(at),
            (NiftiDataType.Int32, false) => BinaryPrimitives.ReadInt32LittleEndian(at),
            (NiftiDataType.Int32, true) => BinaryPrimitives.ReadInt32BigEndian(at),
            (NiftiDataType.Int64, false) => BinaryPrimitives.ReadInt64LittleEndian(at),
            _ => BinaryPrimitives.ReadInt64BigEndian(at),
        };
    }

    /// <summary>Number <paramref name="index"/> of a field that holds IEEE numbers.</summary>
    public double Real(NiftiField field, int index = 0)
    {
        ReadOnlySpan<byte> at = At(field, index);
        return (field.Type, bigEndian) switch
        {
            (NiftiDataType.Float32, false) => BinaryPrimitives.ReadSingleLittleEndian(at),
            (NiftiDataType.Float32, true) => BinaryPrimitives.ReadSingleBigEndian(at),
            (NiftiDataType.Float64, false) => BinaryPrimitives.ReadDoubleLittleEndian(at),
            _ => BinaryPrimitives.ReadDoubleBigEndian(at),
        };
    }

    public void Set(NiftiField field, long value, int index = 0)
    {
        Span<byte> at = At(field, index);
        switch (field.Type)
        {
            case NiftiDataType.UInt8:
                at[0] = checked((byte)value);
                break;
            case NiftiDataType.Int16:
                BinaryPrimitives.WriteInt16LittleEndian(at, checked((short)value));
                break;
            case NiftiDataType.Int32:
                BinaryPrimitives.WriteInt32LittleEndian(at, checked((int)value));
                break;
            case NiftiDataType.Float32:
                BinaryPrimitives.WriteSingleLittleEndian(at, value);
                break;
            default:
                BinaryPrimitives.WriteInt64LittleEndian(at, value);
                break;
        }

        Order(at, field.Type);
    }

    public void Set(NiftiField field, double value, int index = 0)
    {
        Span<byte> at = At(field, index);
        if (field.Type == NiftiDataType.Float32)
        {
            BinaryPrimitives.WriteSingleLittleEndian(at, (float)value);
        }
        else
        {
            BinaryPrimitives.WriteDoubleLittleEndian(at, value);
        }

        Order(at, field.Type);
    }

    private Span<byte> At(NiftiField field, int index) =>
        bytes.AsSpan(field.Offset + index * NiftiSamples.BytesOf(field.Type));

    private void Order(Span<byte> at, NiftiDataType type)
    {
        if (bigEndian)
        {
            at[..NiftiSamples.BytesOf(type)].Reverse();
        }
    }
}
