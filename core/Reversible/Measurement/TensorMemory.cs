using System.Runtime.InteropServices;
using Iqt.Reversible.Natives;

namespace Iqt.Reversible.Measurement;

/// <summary>
/// Bytes of all tensors in host memory, exact to the allocation (Linux x64). Every tensor's memory comes from
/// <c>posix_memalign</c> and goes back by <c>free</c>, called from libc10; from the first use of this class
/// those two entries of libc10's global offset table lead through here.
/// </summary>
/// <remarks>
/// Not counted: scratch memory of oneDNN and MKL inside one operation, and tensors from before the first use.
/// libc10 also frees small blocks that other libraries allocated; what was not counted is not subtracted.
/// </remarks>
public sealed unsafe partial class TensorMemory : IMemoryMeter
{
    private const string Library = "libc10.so";

    private static readonly Lazy<TensorMemory> Only = new(() => new TensorMemory());
    private static readonly Dictionary<nint, long> Sizes = new(4096);
    private static readonly Lock Gate = new();
    private static delegate* unmanaged<void**, nuint, nuint, int> _allocate;
    private static delegate* unmanaged<void*, void> _free;
    private static long _live;
    private static long _peak;

    private TensorMemory()
    {
        TorchNatives.EnsureLoaded();
        nint libc = NativeLibrary.Load("libc.so.6");
        _allocate = (delegate* unmanaged<void**, nuint, nuint, int>)NativeLibrary.GetExport(libc, "posix_memalign");
        _free = (delegate* unmanaged<void*, void>)NativeLibrary.GetExport(libc, "free");
        var table = GlobalOffsetTable.Of(Library);
        table.Replace("posix_memalign", (nint)(delegate* unmanaged<void**, nuint, nuint, int>)&Allocate);
        table.Replace("free", (nint)(delegate* unmanaged<void*, void>)&Free);
        // Native destructors free memory after the runtime has ended, when no managed code can run any more.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => table.Restore();
    }

    /// <summary>Whether this machine can count tensors.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>The one meter of the process.</summary>
    /// <exception cref="PlatformNotSupportedException">Not on Linux x64, or an unknown build of libtorch.</exception>
    public static TensorMemory Instance => IsSupported
        ? Only.Value
        : throw new PlatformNotSupportedException($"Tensors are counted on Linux x64 only, and this is {RuntimeInformation.RuntimeIdentifier}.");

    /// <inheritdoc/>
    public string Counts => "bytes of tensors";

    /// <inheritdoc/>
    public long LiveBytes => Interlocked.Read(ref _live);

    /// <inheritdoc/>
    public long PeakBytes => Interlocked.Read(ref _peak);

    /// <inheritdoc/>
    public void ResetPeak()
    {
        lock (Gate)
        {
            _peak = _live;
        }
    }

    [UnmanagedCallersOnly]
    private static int Allocate(void** result, nuint alignment, nuint size)
    {
        int error = _allocate(result, alignment, size);
        if (error == 0)
        {
            lock (Gate)
            {
                Sizes[(nint)(*result)] = (long)size;
                _live += (long)size;
                _peak = Math.Max(_peak, _live);
            }
        }

        return error;
    }

    [UnmanagedCallersOnly]
    private static void Free(void* block)
    {
        if (block != null)
        {
            lock (Gate)
            {
                _live -= Sizes.Remove((nint)block, out long size) ? size : 0;
            }
        }

        _free(block);
    }
}
