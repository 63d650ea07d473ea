using System.Reflection;
using System.Runtime.InteropServices;
using Iqt.Reversible.Natives;
using TorchSharp;

namespace Iqt.Training;

/// <summary>What a run was made with: the same on one machine gives the same weights.</summary>
/// <param name="Iqt">Version of this library.</param>
/// <param name="Dotnet">Version of the runtime.</param>
/// <param name="TorchSharp">Version of the binding.</param>
/// <param name="Libtorch">Version of libtorch.</param>
/// <param name="System">Operating system and processor architecture.</param>
/// <param name="Processors">Logical processors.</param>
/// <param name="Threads">Threads of libtorch.</param>
/// <param name="From">Where the start weights came from; null if they were drawn.</param>
public sealed record RunVersions(
    string Iqt,
    string Dotnet,
    string TorchSharp,
    string Libtorch,
    string System,
    int Processors,
    int Threads,
    RunOrigin? From = null)
{
    /// <summary>Of this process.</summary>
    public static RunVersions Current()
    {
        TorchNatives.EnsureLoaded(); // a script that only reports has computed nothing before
        return new(
            VersionOf(typeof(RunVersions)),
            Environment.Version.ToString(),
            VersionOf(typeof(torch)),
            torch.__version__,
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
            Environment.ProcessorCount,
            torch.get_num_threads());
    }

    /// <summary>Whether all but the number of threads, which is a setting, and the start weights is the same.</summary>
    public bool SameSoftware(RunVersions other) => this with { Threads = other.Threads, From = other.From } == other;

    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? type.Assembly.GetName().Version?.ToString()
        ?? "unknown";
}
