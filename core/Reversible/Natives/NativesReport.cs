using System.Text.RegularExpressions;

namespace Iqt.Reversible.Natives;

/// <summary>What became of loading libtorch, for somebody who wants to know why it does not load, or which one did.</summary>
/// <param name="Failure">Why it does not load and what to do; null if it loaded.</param>
/// <param name="Bridge">TorchSharp's native library, as loaded or as it would be; null if there is none.</param>
/// <param name="Libtorch">The file with libtorch's operations, in the same way.</param>
/// <param name="CppLibrary">The C++ library of this process; null if none was found.</param>
/// <param name="AskedOfCpp">The newest version of the C++ library that <paramref name="Bridge"/> asks for.</param>
/// <param name="NeededOfCpp">The newest of which it uses something: with this one, Iqt loads a copy that asks for no newer.</param>
/// <param name="OfferedByCpp">The newest version that the C++ library has.</param>
public sealed partial record NativesReport(
    string? Failure, string? Bridge, string? Libtorch, string? CppLibrary, Version? AskedOfCpp, Version? NeededOfCpp, Version? OfferedByCpp)
{
    private const string CppFile = "libstdc++.so.6";

    /// <summary>Tries to load libtorch and says what it found; throws nothing where it does not load.</summary>
    public static NativesReport Of()
    {
        string? failure = null;
        try
        {
            TorchNatives.EnsureLoaded();
        }
        catch (NativesException e)
        {
            failure = e.Message;
        }

        string[] loaded = LoadedFiles.Paths();
        string? bridge = Named(loaded, TorchResolver.BridgeFile);

        // What was built or installed asks for a version even where a changed copy of it was loaded.
        string? installed = TorchResolver.Candidates(TorchResolver.BridgeFile).FirstOrDefault(File.Exists);
        string? cpp = Named(loaded, CppFile) ?? CppFolders().Select(folder => Path.Combine(folder, CppFile)).FirstOrDefault(File.Exists);
        return new NativesReport(
            failure,
            bridge ?? installed,
            Named(loaded, "libtorch_cpu.so") ?? TorchResolver.Candidates("libtorch_cpu.so").FirstOrDefault(File.Exists),
            cpp,
            Newest(installed ?? bridge, ElfVersionReader.Asked),
            Newest(installed ?? bridge, library => ElfVersionReader.Asked(library).Where(version => version != TorchResolver.OptionalVersion)),
            Newest(cpp, ElfVersionReader.Offered));
    }

    private static string? Named(string[] paths, string file) =>
        paths.FirstOrDefault(path => Path.GetFileName(path) == file || Path.GetFileName(path).StartsWith(file + ".", StringComparison.Ordinal));

    // Where a loader looks that was told of no other place.
    private static string[] CppFolders() =>
    [
        .. (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries),
        "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/usr/lib",
    ];

    private static Version? Newest(string? library, Func<string, IEnumerable<string>> versions)
    {
        try
        {
            return library is null ? null : versions(library).Select(CppVersion).Max();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    private static Version? CppVersion(string symbolVersion) =>
        GlibcxxName().Match(symbolVersion) is { Success: true } match ? Version.Parse(match.Groups[1].Value) : null;

    [GeneratedRegex(@"^GLIBCXX_(\d+\.\d+(\.\d+)?)$")]
    private static partial Regex GlibcxxName();
}
