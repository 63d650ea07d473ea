using Iqt.Reversible.Measurement;

namespace Iqt.Reversible.Benchmarking;

/// <summary>What one training step takes, in bytes.</summary>
/// <param name="Parameters">Weights and buffers of the network.</param>
/// <param name="Peak">Peak of the tensors above what is in use between steps: weights, optimiser state and data.</param>
/// <param name="ResidentPeak">The same of the process's resident memory; null where it can't be read.</param>
/// <param name="Process">The whole process's high-water mark during a step; null where it can't be read.</param>
public sealed record StepMemory(long Parameters, long Peak, long? ResidentPeak, long? Process)
{
    /// <summary>
    /// Measures a step. For honest figures of the process its allocator has to give freed memory back:
    /// <c>MALLOC_MMAP_THRESHOLD_=65536</c> before it starts.
    /// </summary>
    /// <param name="step">Run <paramref name="warmUp"/> times first.</param>
    /// <param name="warmUp">Steps before the measured ones, at least 1.</param>
    /// <param name="meter">Of the tensors.</param>
    public static StepMemory Measure(BenchmarkStep step, int warmUp, IMemoryMeter meter)
    {
        for (int i = 0; i < Math.Max(1, warmUp); i++)
        {
            step.Run();
        }

        long peak = meter.PeakAbove(step.Run);
        long parameters = step.Network.parameters().Sum(p => p.numel() * p.element_size()) + step.Network.buffers().Sum(b => b.numel() * b.element_size());
        if (!OperatingSystem.IsLinux())
        {
            return new StepMemory(parameters, peak, null, null);
        }

        var resident = new ResidentMemory();
        long residentPeak = resident.PeakAbove(step.Run);
        return new StepMemory(parameters, peak, residentPeak, resident.PeakBytes);
    }
}
