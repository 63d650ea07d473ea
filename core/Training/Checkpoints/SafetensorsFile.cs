using System.Buffers.Binary;
using Iqt.Diffusion;

namespace Iqt.Training;

/// <summary>
/// Tensors and text in the safetensors format (github.com/huggingface/safetensors): the length of a JSON header as
/// 64 bits, the header, the numbers. Python reads what Iqt writes.
/// </summary>
/// <param name="Entries">In the order in which they lie in the file.</param>
/// <param name="Metadata">The header's <c>__metadata__</c>.</param>
public sealed record SafetensorsFile(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The format's own limit on the header.</summary>
    private const long LargestHeader = 100_000_000;

    /// <summary>Writes the file; it appears complete or not at all.</summary>
    /// <exception cref="DataException">Can't be written.</exception>
    /// <exception cref="ArgumentException">Two entries have one name, or data that doesn't fit a shape.</exception>
    public void Write(string path)
    {
        byte[] header = SafetensorsHeader.Format(this);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (SafetensorsEntry entry in Entries)
            {
                stream.Write(entry.Data);
            }
        });
    }

    /// <summary>Reads a file; every size it claims is held against the file's before memory is taken for it.</summary>
    /// <exception cref="DataException">Missing, truncated, damaged, or of a type that Iqt does not use.</exception>
    public static SafetensorsFile Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return Read(stream, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: {OpeningFault.Describe(path, "a file of weights (.safetensors)", error)}", error);
        }
    }

    private static SafetensorsFile Read(FileStream stream, string path)
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        if (stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length)
        {
            throw new DataException($"{path}: has {stream.Length} bytes, at least 8 were expected in a safetensors file. It is empty or truncated; copy it again.");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        long left = stream.Length - prefix.Length;
        if (length > (ulong)Math.Min(left, LargestHeader))
        {
            throw new DataException($"{path}: claims a header of {length} bytes, at most {Math.Min(left, LargestHeader)} were expected. It is truncated or no safetensors file; copy it again.");
        }

        var header = new byte[(int)length];
        stream.ReadExactly(header);
        (SafetensorsPlace[] places, IReadOnlyDictionary<string, string> metadata) = SafetensorsHeader.Parse(header, left - header.Length, path);
        var entries = new SafetensorsEntry[places.Length];
        for (int i = 0; i < places.Length; i++)
        {
            var data = new byte[places[i].Length];
            stream.ReadExactly(data);
            entries[i] = new SafetensorsEntry(places[i].Name, places[i].Type, places[i].Shape, data);
        }

        return new SafetensorsFile(entries, metadata);
    }
}
