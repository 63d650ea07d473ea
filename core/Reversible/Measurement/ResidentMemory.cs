using System.Globalization;
using System.Runtime.InteropServices;

namespace Iqt.Reversible.Measurement;

/// <summary>Resident memory of this process (Linux): the kernel's own figure and high-water mark, VmHWM.</summary>
/// <remarks>
/// A cross-check of <see cref="TensorMemory"/>, and what is left where that does not run. The mark is reset by
/// writing 5 to <c>/proc/self/clear_refs</c> (proc(5)). Freed memory has to go back to the system to be seen: the
/// heap is trimmed first, and the allocator told to map every block over 64 KiB on its own. That slows steps, so
/// measure time elsewhere, and in a process that was started with <c>MALLOC_MMAP_THRESHOLD_=65536</c>.
/// </remarks>
public sealed partial class ResidentMemory : IMemoryMeter
{
    private const int MapThreshold = -3; // M_MMAP_THRESHOLD, mallopt(3)

    /// <exception cref="PlatformNotSupportedException">Not on Linux.</exception>
    public ResidentMemory()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Resident memory is read from /proc, which only Linux has.");
        }

        _ = SetAllocatorOption(MapThreshold, 64 * 1024);
    }

    /// <inheritdoc/>
    public string Counts => "resident bytes of the process";

    /// <inheritdoc/>
    public long LiveBytes => Read("VmRSS:");

    /// <inheritdoc/>
    public long PeakBytes => Read("VmHWM:");

    /// <inheritdoc/>
    public void ResetPeak()
    {
        _ = TrimHeap(0);
        File.WriteAllText("/proc/self/clear_refs", "5");
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
