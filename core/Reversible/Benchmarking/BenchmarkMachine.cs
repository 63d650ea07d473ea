using System.Runtime.InteropServices;
using TorchSharp;

namespace Iqt.Reversible.Benchmarking;

/// <summary>Where a figure was measured.</summary>
/// <param name="Processor">Its name, as far as the system tells.</param>
/// <param name="Cores">Logical cores.</param>
/// <param name="Threads">Threads of one operation.</param>
/// <param name="System">The operating system.</param>
/// <param name="TorchSharp">Version.</param>
/// <param name="Runtime">Version of .NET.</param>
public sealed record BenchmarkMachine(string Processor, int Cores, int Threads, string System, string TorchSharp, string Runtime)
{
    /// <summary>This machine.</summary>
    public static BenchmarkMachine Here() => new(
        ProcessorName(),
        Environment.ProcessorCount,
        torch.get_num_threads(),
        RuntimeInformation.OSDescription,
        typeof(torch).Assembly.GetName().Version?.ToString(3) ?? "unknown",
        RuntimeInformation.FrameworkDescription);

    private static string ProcessorName()
    {
        const string field = "model name";
        string? line = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
