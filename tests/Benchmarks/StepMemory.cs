using Iqt.Models;
using Iqt.Reversible;
using Iqt.Reversible.Adjoints;
using Iqt.Reversible.Measurement;
using static TorchSharp.torch;

namespace Iqt.Benchmarks;

/// <summary>Peak of tensors of a step above parameters; gradients are made in the step.</summary>
internal static class StepMemory
{
    public static void Run()
    {
        IMemoryMeter meter = TensorMemory.Instance;
        using Tensor input = randn([12, 6, 11, 11, 11]);
        using Tensor target = randn([12, 6, 14, 14, 14]);
        foreach (int blocks in new[] { 1, 4, 16, 64 })
        {
            using var network = new EspcnRn(blocks);
            foreach (BackpropagationMode mode in Enum.GetValues<BackpropagationMode>().Where(mode => blocks <= 16 || mode == BackpropagationMode.Reversible))
            {
                Report(meter, network, $"{blocks} blocks {mode}", () => network.Backpropagate(input, mode, output => nn.functional.mse_loss(output, target)).Dispose());
            }

            var freeing = new StepOptions { GradientsComplete = Free };
            Report(meter, network, $"{blocks} blocks Reversible, gradients freed", () =>
                network.Backpropagate(input, BackpropagationMode.Reversible, output => nn.functional.mse_loss(output, target), freeing).Dispose());
        }
    }

    private static void Free(nn.Module module)
    {
        foreach (TorchSharp.Modules.Parameter parameter in module.parameters())
        {
            using Tensor? gradient = parameter.grad;
            parameter.grad = null;
        }
    }

    private static void Report(IMemoryMeter meter, Network network, string name, Action step)
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
