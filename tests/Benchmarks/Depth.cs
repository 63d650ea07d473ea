using System.Diagnostics;
using Iqt.Models;
using Iqt.Reversible;
using Iqt.Reversible.Adjoints;
using Iqt.Reversible.Measurement;
using static TorchSharp.torch;

namespace Iqt.Benchmarks;

/// <summary>Deep stacks: what rounding does to the gradients, and twenty steps with their peak and time.</summary>
internal static class Depth
{
    public static void Run(int blocks)
    {
        foreach (ScalarType? stream in new ScalarType?[] { null, ScalarType.Float64 })
        {
            var check = new NetworkCheck(
                EspcnRn.Declaration, new Dictionary<string, int> { ["Blocks"] = blocks }, ScalarType.Float32, options: new StepOptions { StreamType = stream });
            foreach (CheckResult result in check.Stacks())
            {
                Console.WriteLine($"{blocks} blocks, stream {stream?.ToString() ?? "Float32"}: {result.Property} of {result.Subject}: {result.Error:e2}");
            }
        }
    }

    public static void Train(int blocks, int steps)
    {
        using Tensor input = randn([12, 6, 11, 11, 11]);
        using Tensor target = randn([12, 6, 14, 14, 14]);
        foreach (ScalarType? stream in new ScalarType?[] { null, ScalarType.Float64 })
        {
            using var network = new EspcnRn(blocks);
            Initializer.Apply(network, InitializationScheme.Identity, 1);
            using var adam = optim.Adam(network.parameters(), 1e-3);
            var options = new StepOptions { StreamType = stream };
            double loss = 0;
            void Step()
            {
                adam.zero_grad();
                using Tensor value = network.Backpropagate(input, BackpropagationMode.Reversible, output => nn.functional.mse_loss(output, target), options);
                loss = value.item<float>();
            }

            Step();
            adam.step();
            long begin = Stopwatch.GetTimestamp();
            double peak = 0;
            for (int i = 1; i < steps; i++)
            {
                Console.Write(i is 1 ? $"{blocks} blocks, stream {stream?.ToString() ?? "Float32"}: loss {loss:f4}" : "");
                peak = Math.Max(peak, TensorMemory.Instance.PeakAbove(Step) / 1e6);
                adam.step();
            }

            Console.WriteLine($" to {loss:f4}, {Stopwatch.GetElapsedTime(begin).TotalSeconds / (steps - 1):f2} s a step, peak {peak:f1} MB");
        }
    }
}
