using System.Diagnostics;
using Iqt.Models;
using Iqt.Reversible;
using Iqt.Reversible.Measurement;
using static TorchSharp.torch;

namespace Iqt.Benchmarks;

/// <summary>
/// Time and memory of a step beside a module written by hand, the ways of running it interleaved so that their ratios hold;
/// among them <c>loss.backward()</c> through the network as one node.
/// </summary>
internal static class Speed
{
    public static void Run(int blocks)
    {
        using Tensor input = randn([12, 6, 11, 11, 11]);
        using Tensor target = randn([12, 6, 14, 14, 14]);
        var ways = new List<(string Name, Action Step)> { ("ordinary module, one graph", Ordinary(new HandEspcnRn(blocks), input, target)) };
        foreach (BackpropagationMode mode in Enum.GetValues<BackpropagationMode>())
        {
            ways.Add(($"Iqt, {mode}", Declared(new EspcnRn(blocks), mode, input, target)));
            if (mode != BackpropagationMode.SingleGraph)
            {
                ways.Add(($"Iqt, {mode}, as a node", AsNode(new EspcnRn(blocks), mode, input, target)));
            }
        }

        var times = ways.Select(_ => new List<double>()).ToArray();
        for (int round = 0; round < 12; round++)
        {
            for (int w = 0; w < ways.Count; w++)
            {
                long begin = Stopwatch.GetTimestamp();
                ways[w].Step();
                if (round >= 3)
                {
                    times[w].Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                }
            }
        }

        long[] peaks = [.. ways.Select(way => TensorMemory.Instance.PeakAbove(way.Step))];
        double reference = Median(times[0]);
        for (int w = 0; w < ways.Count; w++)
        {
            Console.WriteLine($"{ways[w].Name,-28} {Median(times[w]),8:f1} ms  {Median(times[w]) / reference:f3}  (least {times[w].Min():f1}), peak {peaks[w] / 1e6:f1} MB");
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static Action Ordinary(HandEspcnRn network, Tensor input, Tensor target)
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

    private static Action Declared(EspcnRn network, BackpropagationMode mode, Tensor input, Tensor target)
    {
        var adam = optim.Adam(network.parameters(), 1e-4);
        return () =>
        {
            adam.zero_grad();
            network.Backpropagate(input, mode, output => nn.functional.mse_loss(output, target)).Dispose();
            adam.step();
        };
    }

    private static Action AsNode(EspcnRn network, BackpropagationMode mode, Tensor input, Tensor target)
    {
        var adam = optim.Adam(network.parameters(), 1e-4);
        return () =>
        {
            adam.zero_grad();
            using NetworkNode node = network.AsNode(input, mode);
            using Tensor loss = nn.functional.mse_loss(node.Output, target);
            loss.backward();
            node.EndBackward();
            adam.step();
        };
    }
}
