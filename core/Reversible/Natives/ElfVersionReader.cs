using System.Buffers.Binary;
using System.Text;

namespace Iqt.Reversible.Natives;

/// <summary>Reads which symbol versions an ELF library asks of others and which it offers.</summary>
/// <remarks>
/// Only the headers and the sections in question are read: <c>libtorch_cpu.so</c> has half a gigabyte. Format: System V
/// gABI, section "Symbol Versioning" (Linux Standard Base core specification).
/// </remarks>
internal static class ElfVersionReader
{
    private const uint OffersSection = 0x6ffffffd; // SHT_GNU_verdef
    private const uint AsksSection = 0x6ffffffe; // SHT_GNU_verneed
    private const int LargestSection = 1 << 26;

    /// <summary>The versions asked of all libraries together, such as <c>GLIBCXX_3.4.32</c>.</summary>
    /// <exception cref="InvalidDataException">Not a little-endian ELF64 file, or a damaged one.</exception>
    public static IReadOnlyList<string> Asked(string path) => Read(path, AsksSection, AskedNames);

    /// <summary>The versions offered to others.</summary>
    /// <exception cref="InvalidDataException">Not a little-endian ELF64 file, or a damaged one.</exception>
    public static IReadOnlyList<string> Offered(string path) => Read(path, OffersSection, OfferedNames);

    private static List<string> Read(string path, uint kind, Func<byte[], List<int>> namesOf)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] header = Part(file, 0, 64);
            if (!header.AsSpan(0, 4).SequenceEqual("\u007fELF"u8) || header[4] != 2 || header[5] != 1)
            {
                throw new InvalidDataException($"{path}: is no little-endian ELF64 file.");
            }

            int sectionSize = U16(header, 0x3a);
            byte[] sections = Part(file, I64(header, 0x28), sectionSize * U16(header, 0x3c));
            var versions = new List<string>();
            for (int section = 0; section < sections.Length; section += sectionSize)
            {
                if (U32(sections, section + 4) == kind)
                {
                    int names = checked((int)U32(sections, section + 0x28) * sectionSize);
                    byte[] texts = Part(file, I64(sections, names + 0x18), I64(sections, names + 0x20));
                    byte[] entries = Part(file, I64(sections, section + 0x18), I64(sections, section + 0x20));
                    versions.AddRange(namesOf(entries).Select(name => Text(texts, name)));
                }
            }

            return versions;
        }
        catch (Exception e) when (e is ArgumentException or OverflowException or EndOfStreamException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"{path}: its table of symbol versions is damaged.", e);
        }
    }

    // Verneed: version, count, file, first Vernaux, next Verneed. Vernaux: hash, flags, other, name, next Vernaux.
    private static List<int> AskedNames(byte[] entries)
    {
        var names = new List<int>();
        foreach (int library in Chain(entries, 0, 12))
        {
            names.AddRange(Chain(entries, library + Next(entries, library + 8), 12).Select(version => Next(entries, version + 8)));
        }

        return names;
    }

    // Verdef: version, flags, index, count, hash, first Verdaux, next Verdef. Verdaux: name, next; the first is the version's own.
    private static List<int> OfferedNames(byte[] entries) =>
        [.. Chain(entries, 0, 16).Select(version => Next(entries, version + Next(entries, version + 12)))];

    // "Next" is relative to the entry and 0 in the last one; never negative, so that every chain ends.
    private static IEnumerable<int> Chain(byte[] entries, int first, int nextAt)
    {
        for (int entry = first; ; entry = checked(entry + Next(entries, entry + nextAt)))
        {
            yield return entry;
            if (Next(entries, entry + nextAt) == 0)
            {
                yield break;
            }
        }
    }

    private static byte[] Part(FileStream file, long from, long length)
    {
        if (length is < 0 or > LargestSection)
        {
            throw new OverflowException();
        }

        var part = new byte[length];
        file.Position = from;
        file.ReadExactly(part);
        return part;
    }

    private static int Next(byte[] entries, int at) => checked((int)U32(entries, at));

    private static ushort U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static long I64(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));

    private static string Text(byte[] zeroTerminated, int at)
    {
        ReadOnlySpan<byte> rest = zeroTerminated.AsSpan(at);
        int end = rest.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? rest : rest[..end]);
    }
}
