using System.Globalization;
using System.Runtime.InteropServices;

namespace Iqt.Reversible;

/// <summary>The largest resident memory of this process while an action runs (Linux).</summary>
/// <remarks>
/// The kernel's own high-water mark, VmHWM, reset by writing 5 to <c>/proc/self/clear_refs</c> (proc(5)).
/// Freed memory has to go back to the system to be seen: what earlier work left in the heap is trimmed, and the
/// allocator is told to map every block over 64 KiB on its own; that slows steps, so measure time elsewhere.
/// </remarks>
public static partial class PeakMemory
{
    private const int MapThreshold = -3; // M_MMAP_THRESHOLD, mallopt(3)

    /// <summary>Bytes by which the peak during the action exceeds the memory in use before it.</summary>
    /// <exception cref="PlatformNotSupportedException">Not on Linux.</exception>
    public static long Measure(Action action)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("The peak of resident memory is read from /proc, which only Linux has.");
        }

        _ = SetAllocatorOption(MapThreshold, 64 * 1024);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        _ = TrimHeap(0);
        File.WriteAllText("/proc/self/clear_refs", "5");
        long before = Read("VmRSS:");
        action();
        return Read("VmHWM:") - before;
    }

    private static long Read(string field)
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(field, StringComparison.Ordinal));
        string kilobytes = line[field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
        return 1024 * long.Parse(kilobytes, CultureInfo.InvariantCulture);
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAllocatorOption(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int TrimHeap(nuint keep);
}
