using System.Diagnostics;
using static TorchSharp.torch;

namespace Iqt.Benchmarks;

/// <summary>Time of a step, the ways of running it interleaved so that their ratios hold.</summary>
internal static class Speed
{
    public static void Run(int blocks)
    {
        using Tensor input = randn([12, 6, 11, 11, 11]);
        using Tensor target = randn([12, 6, 14, 14, 14]);
        var ways = new (string Name, Action Step)[]
        {
            ("one graph", OneGraph(new HandEspcnRn(blocks), input, target)),
            ("stored", Adjoints(new HandEspcnRn(blocks), input, target, blocks)),
            ("reversible", Adjoints(new HandEspcnRn(blocks), input, target, 0)),
            ("stored bf16", Adjoints(new HandEspcnRn(blocks, convolutionType: ScalarType.BFloat16), input, target, blocks)),
            ("reversible bf16", Adjoints(new HandEspcnRn(blocks, convolutionType: ScalarType.BFloat16), input, target, 0)),
            ("reversible, stream float64", Adjoints(new HandEspcnRn(blocks, stream: ScalarType.Float64), input, target, 0)),
        };
        var times = ways.Select(_ => new List<double>()).ToArray();
        for (int round = 0; round < 14; round++)
        {
            for (int w = 0; w < ways.Length; w++)
            {
                long begin = Stopwatch.GetTimestamp();
                ways[w].Step();
                if (round >= 3)
                {
                    times[w].Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                }
            }
        }

        double reference = Median(times[0]);
        for (int w = 0; w < ways.Length; w++)
        {
            Console.WriteLine($"{ways[w].Name,-28} {Median(times[w]),8:f1} ms  {Median(times[w]) / reference:f3}  (least {times[w].Min():f1})");
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static Action OneGraph(HandEspcnRn network, Tensor input, Tensor target)
    {
        var adam = optim.Adam(network.parameters(), 1e-4);
        return () =>
        {
            adam.zero_grad();
            using Tensor output = network.call(input);
            using Tensor loss = nn.functional.mse_loss(output, target);
            loss.backward();
            adam.step();
        };
    }

    private static Action Adjoints(HandEspcnRn network, Tensor input, Tensor target, int kept)
    {
        var adam = optim.Adam(network.parameters(), 1e-4);
        return () =>
        {
            adam.zero_grad();
            network.Step(input, target, kept);
            adam.step();
        };
    }
}
