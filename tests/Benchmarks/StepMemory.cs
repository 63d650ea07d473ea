using Iqt.Reversible.Measurement;
using static TorchSharp.torch;

namespace Iqt.Benchmarks;

/// <summary>Peak of tensors of a step above parameters, gradients' buffers excluded: they are made in the step.</summary>
internal static class StepMemory
{
    public static void Run()
    {
        IMemoryMeter meter = TensorMemory.Instance;
        foreach (int blocks in new[] { 1, 4, 16, 64 })
        {
            using Tensor input = randn([12, 6, 11, 11, 11]);
            using Tensor target = randn([12, 6, 14, 14, 14]);
            using var network = new HandEspcnRn(blocks);
            Report(meter, network, $"{blocks} blocks reversible", () => network.Step(input, target, 0));
            network.BlockDone = function =>
            {
                foreach (var parameter in function.parameters())
                {
                    using Tensor? gradient = parameter.grad;
                    parameter.grad = null;
                }
            };
            Report(meter, network, $"{blocks} blocks reversible, gradients freed by block", () => network.Step(input, target, 0));
            network.BlockDone = null;
            if (blocks <= 16)
            {
                Report(meter, network, $"{blocks} blocks stored", () => network.Step(input, target, blocks));
                Report(meter, network, $"{blocks} blocks one graph", () =>
                {
                    using Tensor output = network.call(input);
                    using Tensor loss = nn.functional.mse_loss(output, target);
                    loss.backward();
                });
            }
        }
    }

    private static void Report(IMemoryMeter meter, nn.Module network, string name, Action step)
    {
        for (int i = 0; i < 2; i++)
        {
            network.zero_grad();
            double megabytes = meter.PeakAbove(step) / 1e6;
            if (i == 1)
            {
                Console.WriteLine($"{name,-50} {megabytes,8:f1} MB");
            }
        }
    }
}
