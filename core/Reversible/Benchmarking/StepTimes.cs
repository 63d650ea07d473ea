using System.Diagnostics;

namespace Iqt.Reversible.Benchmarking;

/// <summary>Times of several ways of one training step, taken in turns so that their ratios hold on a noisy machine.</summary>
/// <param name="Milliseconds">Of each way, in the order in which they were taken.</param>
public sealed record StepTimes(IReadOnlyList<IReadOnlyList<double>> Milliseconds)
{
    /// <summary>Runs all steps in turns.</summary>
    /// <param name="steps">One for each way.</param>
    /// <param name="warmUp">Rounds that are not counted.</param>
    /// <param name="rounds">Rounds that are.</param>
    public static StepTimes Measure(IReadOnlyList<BenchmarkStep> steps, int warmUp, int rounds)
    {
        List<double>[] times = [.. steps.Select(_ => new List<double>())];
        for (int round = 0; round < warmUp + rounds; round++)
        {
            for (int i = 0; i < steps.Count; i++)
            {
                long begin = Stopwatch.GetTimestamp();
                steps[i].Run();
                if (round >= warmUp)
                {
                    times[i].Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                }
            }
        }

        return new StepTimes(times);
    }

    /// <summary>Median time of a way.</summary>
    public double Median(int way)
    {
        double[] sorted = [.. Milliseconds[way].Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Shortest time of a way.</summary>
    public double Least(int way) => Milliseconds[way].Min();
}
