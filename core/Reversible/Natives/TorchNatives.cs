using System.Runtime.InteropServices;
using TorchSharp;

namespace Iqt.Reversible.Natives;

/// <summary>The native libraries behind TorchSharp.</summary>
public static class TorchNatives
{
    /// <summary>Loads libtorch by a real operation on a tensor.</summary>
    /// <exception cref="NativesException">It can't be loaded; the message says what is missing and what to do.</exception>
    public static void EnsureLoaded()
    {
        // Asked for before TorchSharp's first use: where this fails, TorchSharp would copy half a gigabyte into a
        // folder of its own and print a trace on standard output, where only data belongs.
        if (!NativeLibrary.TryLoad(TorchResolver.Bridge, typeof(torch).Assembly, null, out _))
        {
            throw new NativesException(Explain(null), null);
        }

        try
        {
            using torch.Tensor probe = torch.ones(1);
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException or NotSupportedException or BadImageFormatException)
        {
            throw new NativesException(Explain(e), e);
        }
    }

    private static string Explain(Exception? e)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64 || !OperatingSystem.IsLinux())
        {
            return $"libtorch can't be loaded: this build carries it for Linux on x64, and this is {RuntimeInformation.RuntimeIdentifier}. "
                + "Reference the libtorch-cpu package of this platform in place of libtorch-cpu-linux-x64.";
        }

        string reason = TorchResolver.Failure ?? (e?.InnerException ?? e)?.Message ?? $"{TorchResolver.Bridge} is not to be found.";
        return $"libtorch can't be loaded: {reason.TrimEnd('.')}. "
            + "Build with the CPU natives (the default: no IqtCuda property), or name the lib folder of an installed "
            + $"libtorch 2.10 in {TorchResolver.FolderVariable}; its C++ library must be at least that of GCC 12.";
    }
}
