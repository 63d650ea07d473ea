using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;

namespace Iqt.Reversible.Natives;

/// <summary>
/// Finds libtorch where .NET's own probing fails: on systems whose C++ library is older than the one
/// TorchSharp was linked with, and where IQT_LIBTORCH names a folder with an installed libtorch.
/// </summary>
/// <remarks>
/// .NET raises the event only after its default probing failed, so where the libraries load by themselves
/// nothing here runs. TorchSharp's own fallback would copy 480 MB and end in a misleading message.
/// </remarks>
internal static class TorchResolver
{
    /// <summary>Names a folder with an installed libtorch (its <c>lib</c> folder), such as a CUDA build.</summary>
    public const string FolderVariable = "IQT_LIBTORCH";

    /// <summary>TorchSharp's native library, as its P/Invokes call it.</summary>
    public const string Bridge = "LibTorchSharp";

    /// <summary>Its file.</summary>
    public const string BridgeFile = "libLibTorchSharp.so";

    /// <summary>The version that the bridge asks for without using anything of it; <see cref="WeakCopy"/> makes it optional.</summary>
    public const string OptionalVersion = "GLIBCXX_3.4.32";

    private static readonly Lock Gate = new();
    private static nint _bridge;

    /// <summary>Why the last attempt failed, for the message of <see cref="TorchNatives"/>.</summary>
    public static string? Failure { get; private set; }

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The hook has to stand before anyone's first use of torch, and a library has no other entry point.")]
    internal static void Register()
    {
        if (OperatingSystem.IsLinux())
        {
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
        }
    }

    private static nint Resolve(Assembly assembly, string name)
    {
        if (name is not (Bridge or BridgeFile))
        {
            return 0;
        }

        lock (Gate)
        {
            if (_bridge == 0)
            {
                try
                {
                    _bridge = Load();
                }
                catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException or InvalidDataException)
                {
                    Failure = e.Message;
                }
            }

            return _bridge;
        }
    }

    private static nint Load()
    {
        string libtorch = Find("libtorch.so");
        string bridge = Find(BridgeFile);

        // The bridge looks for libtorch beside itself; loaded before, it is found wherever it lies.
        NativeLibrary.Load(libtorch);
        return NativeLibrary.TryLoad(bridge, out nint handle) ? handle : NativeLibrary.Load(WeakCopy(bridge));
    }

    /// <summary>Where a file of the natives may lie, the first place first.</summary>
    public static IEnumerable<string> Candidates(string file) => SearchFolders().Select(folder => Path.Combine(folder, file));

    private static string Find(string file) =>
        Candidates(file).FirstOrDefault(File.Exists)
        ?? throw new DllNotFoundException($"{file} stands in none of: {string.Join(", ", SearchFolders().Select(Path.TrimEndingDirectorySeparator).Distinct())}.");

    private static string[] SearchFolders()
    {
        string? installed = Environment.GetEnvironmentVariable(FolderVariable);
        var probed = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string native = Path.Combine("runtimes", "linux-x64", "native");
        string beside = Path.GetDirectoryName(typeof(TorchSharp.torch).Assembly.Location) ?? AppContext.BaseDirectory;
        string[] named = string.IsNullOrEmpty(installed) ? [] : [installed];
        return [.. named, .. probed, Path.Combine(AppContext.BaseDirectory, native), Path.Combine(beside, native), beside];
    }

    // The file itself may be a hard link into the package cache: only a copy is changed. Several processes
    // may write the copy at once; a rename lets the last one win with the same bytes.
    private static string WeakCopy(string bridge)
    {
        byte[] elf = File.ReadAllBytes(bridge);
        if (ElfSymbolVersions.MakeWeak(elf, OptionalVersion) == 0)
        {
            NativeLibrary.Load(bridge); // throws with the loader's own reason
        }

        string folder = Path.Combine(CacheFolder(), Convert.ToHexStringLower(SHA256.HashData(elf))[..16]);
        string copy = Path.Combine(folder, BridgeFile);
        if (!File.Exists(copy))
        {
            Directory.CreateDirectory(folder);
            string temporary = Path.Combine(folder, Path.GetRandomFileName());
            File.WriteAllBytes(temporary, elf);
            File.Move(temporary, copy, overwrite: true);
        }

        return copy;
    }

    private static string CacheFolder()
    {
        string local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create);
        return Path.Combine(local.Length > 0 ? local : Path.GetTempPath(), "iqt", "natives");
    }
}
