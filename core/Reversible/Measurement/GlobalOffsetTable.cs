using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Iqt.Reversible.Measurement;

/// <summary>
/// The global offset table of a loaded library (Linux x64): the addresses through which it calls functions of
/// other libraries. Found in memory by the library's dynamic section (System V ABI, AMD64 supplement, chapter 5).
/// </summary>
internal sealed unsafe partial class GlobalOffsetTable
{
    private const int ProgramHeaderDynamic = 2;
    private const int TagPltRelocationsSize = 2, TagStrings = 5, TagSymbols = 6, TagRelocations = 7, TagRelocationsSize = 8, TagPltRelocations = 23;
    private const int RelocationGlobalData = 6, RelocationJumpSlot = 7;
    private const int ReadWrite = 3;

    private readonly string _library;
    private readonly byte* _base;
    private readonly Dictionary<long, nint> _dynamic = [];
    private readonly List<(nint Slot, nint Original)> _replaced = [];

    private GlobalOffsetTable(string library, nint address)
    {
        _library = library;
        _base = (byte*)address;
        byte* headers = _base + *(long*)(_base + 32);
        int headerSize = *(ushort*)(_base + 54);
        int headerCount = *(ushort*)(_base + 56);
        for (int i = 0; i < headerCount; i++)
        {
            byte* header = headers + (i * headerSize);
            if (*(int*)header == ProgramHeaderDynamic)
            {
                for (long* entry = (long*)(_base + *(long*)(header + 16)); entry[0] != 0; entry += 2)
                {
                    _dynamic[entry[0]] = (nint)entry[1];
                }
            }
        }
    }

    /// <summary>The table of a library that is loaded in this process.</summary>
    /// <exception cref="PlatformNotSupportedException">It isn't loaded.</exception>
    public static GlobalOffsetTable Of(string library)
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            // address range, permissions, offset, device, inode, path: proc(5)
            string[] fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 6 && fields[2].All(c => c == '0') && Path.GetFileName(fields[5]) == library)
            {
                string start = fields[0].Split('-')[0];
                return new GlobalOffsetTable(library, nint.Parse(start, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            }
        }

        throw new PlatformNotSupportedException($"{library} is not loaded in this process, so its calls can't be counted.");
    }

    /// <summary>Leads every call of an imported function to another.</summary>
    /// <exception cref="PlatformNotSupportedException">The library imports no such function.</exception>
    public void Replace(string function, nint replacement)
    {
        int before = _replaced.Count;
        Replace(function, replacement, TagPltRelocations, TagPltRelocationsSize);
        Replace(function, replacement, TagRelocations, TagRelocationsSize);
        if (_replaced.Count == before)
        {
            Restore();
            throw new PlatformNotSupportedException($"{_library} does not call '{function}', so this build's tensors can't be counted. Measure resident memory instead.");
        }
    }

    /// <summary>Puts the original addresses back.</summary>
    public void Restore()
    {
        foreach ((nint slot, nint original) in _replaced)
        {
            *(nint*)slot = original;
        }

        _replaced.Clear();
    }

    private void Replace(string function, nint replacement, int table, int tableSize)
    {
        if (!_dynamic.ContainsKey(table))
        {
            return;
        }

        byte* relocations = Address(table);
        byte* symbols = Address(TagSymbols);
        byte* strings = Address(TagStrings);
        for (long offset = 0; offset < _dynamic[tableSize]; offset += 24)
        {
            long* relocation = (long*)(relocations + offset); // address, symbol and type, addend
            int type = (int)relocation[1];
            if (type is not (RelocationGlobalData or RelocationJumpSlot))
            {
                continue;
            }

            byte* name = strings + *(uint*)(symbols + ((relocation[1] >> 32) * 24));
            if (Encoding.ASCII.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name)) == function)
            {
                nint slot = (nint)(_base + relocation[0]);
                MakeWritable(slot);
                _replaced.Add((slot, *(nint*)slot));
                *(nint*)slot = replacement;
            }
        }
    }

    // The loader may or may not have added the load address to the entries that are addresses.
    private byte* Address(int tag)
    {
        nint value = _dynamic[tag];
        return value < (nint)_base ? _base + value : (byte*)value;
    }

    // A library linked with full RELRO has its table read-only after loading.
    private static void MakeWritable(nint slot)
    {
        nint page = slot & ~(nint)(Environment.SystemPageSize - 1);
        if (Protect(page, (nuint)(slot + sizeof(nint) - page), ReadWrite) != 0)
        {
            throw new PlatformNotSupportedException("The system does not let this process change a loaded library, so tensors can't be counted. Measure resident memory instead.");
        }
    }

    [LibraryImport("libc", EntryPoint = "mprotect")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Protect(nint address, nuint length, int protection);
}
