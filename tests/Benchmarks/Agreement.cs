using static TorchSharp.torch;

namespace Iqt.Benchmarks;

/// <summary>Gradients of the written-out adjoints against one autograd graph.</summary>
internal static class Agreement
{
    public static void Run()
    {
        foreach ((ScalarType type, int batch, int edge, int blocks) in new[] { (ScalarType.Float64, 2, 6, 2), (ScalarType.Float32, 12, 11, 4) })
        {
            foreach (string mode in new[] { "stored", "reversible", "budget", "snapshots" })
            {
                random.manual_seed(1);
                using var network = new HandEspcnRn(blocks, type);
                Randomize(network);
                using Tensor input = randn([batch, 6, edge, edge, edge], dtype: type);
                using Tensor target = randn([batch, 6, 2 * (edge - 4), 2 * (edge - 4), 2 * (edge - 4)], dtype: type);
                Dictionary<string, Tensor> state = network.state_dict().ToDictionary(e => e.Key, e => e.Value.detach().clone());
                Dictionary<string, Tensor> reference = Reference(network, input, target, out double loss);
                Dictionary<string, Tensor>? exact = type == ScalarType.Float32 && mode is "stored" ? Exact(blocks, state, input, target) : null;
                Dictionary<string, Tensor> buffers = network.named_buffers().ToDictionary(b => b.name, b => b.buffer.clone());
                network.load_state_dict(state);
                network.zero_grad();
                double own = network.Step(input, target, mode switch { "stored" => blocks, "budget" => 1, _ => 0 }, mode == "snapshots" ? 1 : 0);
                double error = 0, norm = 0, statistics = 0;
                foreach ((string name, TorchSharp.Modules.Parameter parameter) in network.named_parameters())
                {
                    using Tensor difference = parameter.grad!.sub(reference[name]);
                    error += Square(difference);
                    norm += Square(reference[name]);
                }

                foreach ((string name, Tensor buffer) in network.named_buffers())
                {
                    statistics = Math.Max(statistics, buffer.sub(buffers[name]).abs().max().to(ScalarType.Float64).item<double>());
                }

                string exactText = "";
                if (exact is not null)
                {
                    double ownError = 0, graphError = 0, exactNorm = 0;
                    foreach ((string name, TorchSharp.Modules.Parameter parameter) in network.named_parameters())
                    {
                        double o = Square(parameter.grad!.to(ScalarType.Float64).sub(exact[name])), g = Square(reference[name].to(ScalarType.Float64).sub(exact[name]));
                        ownError += o;
                        graphError += g;
                        exactNorm += Square(exact[name]);
                    }

                    exactText = $" (against float64: own {Math.Sqrt(ownError / exactNorm):e2}, one graph in float32 {Math.Sqrt(graphError / exactNorm):e2})";
                }

                Console.WriteLine($"{type} {blocks} blocks {mode}: gradient {Math.Sqrt(error / norm):e2}{exactText}, loss {Math.Abs(own - loss) / loss:e2}, running statistics {statistics:e2}");
            }
        }
    }

    /// <summary>Every parameter random, so that none hides an error behind a zero.</summary>
    public static void Randomize(nn.Module network)
    {
        using IDisposable withoutGraph = no_grad();
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in network.named_parameters())
        {
            if (parameter.dim() == 1)
            {
                using Tensor noise = randn_like(parameter);
                using Tensor small = noise.mul(0.2);
                parameter.add_(small);
            }
        }
    }

    public static Dictionary<string, Tensor> Reference(HandEspcnRn network, Tensor input, Tensor target, out double loss)
    {
        network.zero_grad();
        using Tensor output = network.call(input);
        using Tensor value = nn.functional.mse_loss(output, target);
        value.backward();
        loss = value.to(ScalarType.Float64).item<double>();
        return network.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!.clone());
    }

    private static Dictionary<string, Tensor> Exact(int blocks, Dictionary<string, Tensor> state, Tensor input, Tensor target)
    {
        using var network = new HandEspcnRn(blocks, ScalarType.Float64);
        network.load_state_dict(state);
        return Reference(network, input.to(ScalarType.Float64), target.to(ScalarType.Float64), out _);
    }

    private static double Square(Tensor tensor) => tensor.to(ScalarType.Float64).square().sum().item<double>();
}
