using System.Runtime.InteropServices;

namespace Iqt.Reversible.Measurement;

/// <summary>Memory of a CUDA device that is in use, as the driver counts it (cuMemGetInfo).</summary>
/// <remarks>
/// The driver sees the whole device: other processes' memory, and what libtorch's allocator has reserved, which it keeps for
/// later. What is reserved never shrinks, so the figure behind an action is its peak; but a peak in memory that an earlier
/// action left reserved is not seen. Measure each figure in a process of its own, in its first step.
/// </remarks>
public sealed partial class DeviceMemory : IMemoryMeter
{
    private const string Driver = "libcuda.so.1";
    private readonly int _device;
    private readonly nint _context;
    private long _peak;

    /// <param name="index">The device's number, from 0.</param>
    /// <exception cref="PlatformNotSupportedException">There is no CUDA driver, or no such device.</exception>
    public DeviceMemory(int index)
    {
        try
        {
            Check(Initialize(0), "cuInit");
            Check(GetDevice(out _device, index), $"cuDeviceGet({index})");
            Check(RetainPrimaryContext(out _context, _device), "cuDevicePrimaryCtxRetain");
        }
        catch (DllNotFoundException)
        {
            throw new PlatformNotSupportedException($"The memory of CUDA device {index} can't be measured: there is no CUDA driver ({Driver}). Measure on the CPU.");
        }

        ResetPeak();
    }

    /// <inheritdoc/>
    public string Counts => "bytes in use on the device, reserved ones and other processes' included";

    /// <inheritdoc/>
    public long LiveBytes
    {
        get
        {
            // libtorch works in the device's primary context, which need not be this thread's.
            Check(PushContext(_context), "cuCtxPushCurrent");
            try
            {
                Check(GetMemory(out nuint free, out nuint total), "cuMemGetInfo");
                return (long)(total - free);
            }
            finally
            {
                _ = PopContext(out _);
            }
        }
    }

    /// <inheritdoc/>
    public long PeakBytes => _peak = Math.Max(_peak, LiveBytes);

    /// <inheritdoc/>
    public void ResetPeak() => _peak = LiveBytes;

    private static void Check(int result, string call)
    {
        if (result != 0)
        {
            throw new PlatformNotSupportedException($"The device's memory can't be measured: {call} of the CUDA driver failed with error {result}.");
        }
    }

    [LibraryImport(Driver, EntryPoint = "cuInit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Initialize(uint flags);

    [LibraryImport(Driver, EntryPoint = "cuDeviceGet")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetDevice(out int device, int ordinal);

    [LibraryImport(Driver, EntryPoint = "cuDevicePrimaryCtxRetain")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RetainPrimaryContext(out nint context, int device);

    [LibraryImport(Driver, EntryPoint = "cuCtxPushCurrent_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int PushContext(nint context);

    [LibraryImport(Driver, EntryPoint = "cuCtxPopCurrent_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int PopContext(out nint context);

    [LibraryImport(Driver, EntryPoint = "cuMemGetInfo_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetMemory(out nuint free, out nuint total);
}
