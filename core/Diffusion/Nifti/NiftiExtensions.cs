using System.Buffers.Binary;

namespace Iqt.Diffusion;

/// <summary>
/// The extensions between header and samples: four bytes, of which the first is not 0 if there are any, then blocks
/// of a size, a code and the content. A block that does not fit ends the list: what follows is passed over, as the
/// samples stand where the header says.
/// </summary>
internal static class NiftiExtensions
{
    private const int BlockHeader = 8;

    /// <param name="bytes">All between the header and the samples (or the end of a .hdr file).</param>
    /// <param name="bigEndian">The header's byte order.</param>
    public static IReadOnlyList<NiftiExtension> Parse(ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        var found = new List<NiftiExtension>();
        if (bytes.Length < 4 || bytes[0] == 0)
        {
            return found;
        }

        ReadOnlySpan<byte> rest = bytes[4..];
        while (rest.Length >= BlockHeader)
        {
            int size = Integer(rest, bigEndian);
            if (size < BlockHeader || size > rest.Length)
            {
                break;
            }

            found.Add(new NiftiExtension(Integer(rest[4..], bigEndian), rest[BlockHeader..size].ToArray()));
            rest = rest[size..];
        }

        return found;
    }

    /// <summary>The four bytes and the blocks, each filled up to a multiple of 16.</summary>
    public static byte[] Format(IReadOnlyList<NiftiExtension> extensions, bool bigEndian)
    {
        var bytes = new byte[4 + extensions.Sum(Size)];
        bytes[0] = extensions.Count > 0 ? (byte)1 : (byte)0;
        int offset = 4;
        foreach (NiftiExtension extension in extensions)
        {
            Span<byte> block = bytes.AsSpan(offset, Size(extension));
            Write(block, block.Length, bigEndian);
            Write(block[4..], extension.Code, bigEndian);
            extension.Content.CopyTo(block[BlockHeader..]);
            offset += block.Length;
        }

        return bytes;
    }

    private static int Size(NiftiExtension extension) => (extension.Content.Length + BlockHeader + 15) / 16 * 16;

    private static int Integer(ReadOnlySpan<byte> at, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadInt32BigEndian(at) : BinaryPrimitives.ReadInt32LittleEndian(at);

    private static void Write(Span<byte> at, int value, bool bigEndian)
    {
        if (bigEndian)
        {
            BinaryPrimitives.WriteInt32BigEndian(at, value);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(at, value);
        }
    }
}
