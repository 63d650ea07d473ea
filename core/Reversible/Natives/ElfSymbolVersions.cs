using System.Buffers.Binary;
using System.Text;

namespace Iqt.Reversible.Natives;

/// <summary>
/// Marks a symbol version that an ELF library asks for as weak, so that the dynamic loader accepts a system
/// library that lacks it.
/// </summary>
/// <remarks>
/// TorchSharp's <c>libLibTorchSharp.so</c> asks for <c>GLIBCXX_3.4.32</c> and uses no relocated symbol of it;
/// Debian 12 and Ubuntu 22.04 end at 3.4.30 and would refuse the library. Format: System V gABI, section
/// "Symbol Versioning" (Linux Standard Base core specification, Verneed and Vernaux entries).
/// </remarks>
internal static class ElfSymbolVersions
{
    private const uint VerneedSection = 0x6ffffffe;
    private const ushort WeakFlag = 2;

    /// <summary>
    /// Marks every requirement of <paramref name="version"/> in the image of a little-endian ELF64 file as
    /// weak and returns how many there were.
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes are not a little-endian ELF64 file, or a damaged one, of which a part may be marked.</exception>
    public static int MakeWeak(Span<byte> elf, string version)
    {
        if (elf.Length < 64 || !elf[..4].SequenceEqual("\u007fELF"u8) || elf[4] != 2 || elf[5] != 1)
        {
            throw new InvalidDataException("Not a little-endian ELF64 file.");
        }

        try
        {
            return MarkSections(elf, version);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            throw new InvalidDataException("The library's table of symbol versions is damaged.", e);
        }
    }

    private static int MarkSections(Span<byte> elf, string version)
    {
        int sections = Offset(elf, 0x28);
        int sectionSize = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3a..]);
        int sectionCount = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3c..]);
        int changed = 0;
        for (int i = 0; i < sectionCount; i++)
        {
            int section = checked(sections + (i * sectionSize));
            if (BinaryPrimitives.ReadUInt32LittleEndian(elf[(section + 4)..]) == VerneedSection)
            {
                int names = checked(sections + (Number(elf, section + 0x28) * sectionSize));
                changed += MarkSection(elf, Offset(elf, section + 0x18), Offset(elf, names + 0x18), version);
            }
        }

        return changed;
    }

    // A Verneed entry (one a needed file) is 16 bytes: version, count, file, first Vernaux, next Verneed.
    // A Vernaux entry is 16 bytes: hash, flags, other, name, next Vernaux. "Next" is relative and never
    // negative, so that every chain ends; 0 ends it.
    private static int MarkSection(Span<byte> elf, int need, int names, string version)
    {
        int changed = 0;
        while (true)
        {
            int entry = checked(need + Number(elf, need + 8));
            int count = BinaryPrimitives.ReadUInt16LittleEndian(elf[(need + 2)..]);
            for (int i = 0; i < count; i++)
            {
                int name = checked(names + Number(elf, entry + 8));
                if (Text(elf[name..]) == version)
                {
                    Span<byte> flags = elf[(entry + 4)..];
                    BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | WeakFlag));
                    changed++;
                }

                entry = checked(entry + Number(elf, entry + 12));
            }

            int next = Number(elf, need + 12);
            if (next == 0)
            {
                return changed;
            }

            need = checked(need + next);
        }
    }

    private static int Number(ReadOnlySpan<byte> elf, int at) => checked((int)BinaryPrimitives.ReadUInt32LittleEndian(elf[at..]));

    private static int Offset(ReadOnlySpan<byte> elf, int at) => checked((int)BinaryPrimitives.ReadUInt64LittleEndian(elf[at..]));

    private static string Text(ReadOnlySpan<byte> zeroTerminated) =>
        Encoding.ASCII.GetString(zeroTerminated[..zeroTerminated.IndexOf((byte)0)]);
}
