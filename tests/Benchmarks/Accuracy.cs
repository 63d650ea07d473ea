using Iqt.Models;
using Iqt.Reversible;
using Iqt.Reversible.Adjoints;
using static TorchSharp.torch;

namespace Iqt.Benchmarks;

/// <summary>Error of the gradients in float32 against one graph in float64, for random parameters.</summary>
internal static class Accuracy
{
    public static void Run()
    {
        Operations();
        foreach (int blocks in new[] { 1, 4 })
        {
            foreach (BackpropagationMode mode in Enum.GetValues<BackpropagationMode>())
            {
                var errors = new List<string>();
                for (ulong seed = 1; seed <= 3; seed++)
                {
                    using TorchSharp.DisposeScope scope = NewDisposeScope();
                    (Tensor exactOutput, Tensor exact) = Step(blocks, seed, BackpropagationMode.SingleGraph, ScalarType.Float64);
                    (Tensor output, Tensor gradient) = Step(blocks, seed, mode, ScalarType.Float32);
                    errors.Add($"{Error(output, exactOutput):e1}, {Error(gradient, exact):e1}");
                }

                Console.WriteLine($"{blocks} blocks, {mode,-14} output, gradients: {string.Join("; ", errors)}");
            }
        }
    }

    // Each operation alone, against the same in float64: output, gradient of the input, gradients of the parameters.
    private static void Operations()
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        foreach (bool last in new[] { false, true })
        {
            foreach (bool gradientLast in new[] { false, true })
            {
                Console.WriteLine($"channels last: input {last}, gradient {gradientLast}");
                Convolution("layer 1", type => nn.Conv3d(6, 50, 3L, dtype: type), 3, 0, [4, 6, 9, 9, 9], last, gradientLast);
                Convolution("layer 2", type => nn.Conv3d(50, 100, 1L, dtype: type), 1, 0, [4, 50, 7, 7, 7], last, gradientLast);
                Convolution("layer 3", type => nn.Conv3d(100, 48, 3L, dtype: type), 3, 0, [4, 100, 7, 7, 7], last, gradientLast);
                foreach (int c in new[] { 3, 25, 50 })
                {
                    Convolution($"{c}, kernel 1", type => nn.Conv3d(c, c, 1L, dtype: type), 1, 0, [4, c, 7, 7, 7], last, gradientLast);
                    Convolution($"{c}, kernel 3", type => nn.Conv3d(c, c, 3L, padding: 1L, dtype: type), 3, 1, [4, c, 7, 7, 7], last, gradientLast);
                    Normalization(c, last, gradientLast);
                }
            }
        }
    }

    private static void Convolution(string name, Func<ScalarType, TorchSharp.Modules.Convolution> create, long kernel, long padding, long[] shape, bool last, bool gradientLast)
    {
        var exact = create(ScalarType.Float64);
        var own = create(ScalarType.Float32);
        using IDisposable withoutGraph = no_grad();
        own.weight!.copy_(exact.weight!);
        own.bias!.copy_(exact.bias!);
        exact.weight!.copy_(own.weight!);
        exact.bias!.copy_(own.bias!);
        Compare(name, (type, x, dy) =>
        {
            var layer = type == ScalarType.Float64 ? exact : own;
            var adjoint = new ConvolutionAdjoint(layer, 3, kernel, padding: padding);
            using var tape = new Tape(true, StepOptions.Default);
            Tensor y = adjoint.Forward(x, tape);
            return [y, adjoint.Backward(x, dy(y.shape), tape)!, layer.weight!.grad!, layer.bias!.grad!];
        }, shape, last, gradientLast);
    }

    private static void Normalization(int channels, bool last, bool gradientLast) => Compare($"{channels}, norm", (type, x, dy) =>
    {
        var layer = nn.BatchNorm3d(channels, dtype: type);
        using IDisposable withoutGraph = no_grad();
        var adjoint = new NormalizedActivation(layer);
        using var tape = new Tape(true, StepOptions.Default);
        Tensor y = adjoint.Forward(x, tape);
        return [y, adjoint.Backward(x, y, dy(y.shape), tape)!, layer.weight!.grad!, layer.bias!.grad!];
    }, [4, channels, 7, 7, 7], last, gradientLast);

    private static void Compare(string name, Func<ScalarType, Tensor, Func<long[], Tensor>, Tensor[]> run, long[] shape, bool last, bool gradientLast)
    {
        Tensor[] Run(ScalarType type)
        {
            Tensor Laid(Tensor t, bool inLast) => (inLast ? MemoryLayout.ToChannelsLast(t) : t).to(type);
            return run(type, Laid(Noise(shape, 1, ScalarType.Float32), last), size => Laid(Noise(size, 2, ScalarType.Float32), gradientLast));
        }

        Tensor[] exact = Run(ScalarType.Float64), own = Run(ScalarType.Float32);
        Console.WriteLine($"  {name,-14} {string.Join(", ", own.Zip(exact).Select(pair => Error(pair.First.to(ScalarType.Float64), pair.Second).ToString("e1", System.Globalization.CultureInfo.InvariantCulture)))}");
    }

    private static double Error(Tensor own, Tensor exact) => own.sub(exact).norm().div(exact.norm()).item<double>();

    private static (Tensor Output, Tensor Gradient) Step(int blocks, ulong seed, BackpropagationMode mode, ScalarType type)
    {
        using var network = new EspcnRn(blocks, dtype: type);
        Initializer.Randomize(network, seed);
        using Tensor x = Noise([4, 6, 9, 9, 9], (long)seed, type);
        using ForwardPass pass = network.Run(x, mode);
        using Tensor dy = Noise(pass.Output.shape, (long)seed + 100, type);
        pass.Backward(dy);
        Tensor output = pass.Output.detach().to(ScalarType.Float64, copy: true);
        return (output, cat([.. network.parameters().Select(p => p.grad!.flatten().to(ScalarType.Float64))]));
    }

    private static Tensor Noise(long[] shape, long seed, ScalarType type)
    {
        random.manual_seed(seed);
        using Tensor drawn = randn(shape, dtype: ScalarType.Float64);
        return drawn.to(type, copy: true);
    }
}
