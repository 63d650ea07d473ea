using System.Diagnostics;
using Iqt.Models;
using Iqt.Reversible.Adjoints;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Benchmarks;

/// <summary>Time of single operations at the sizes of the paper's network, in both memory layouts and in bfloat16.</summary>
internal static class Profile
{
    public static void Run()
    {
        using IDisposable withoutGraph = no_grad();
        foreach ((int channels, int edge) in new[] { (3, 11), (25, 9), (50, 9) })
        {
            foreach (bool last in new[] { false, true })
            {
                Console.WriteLine($"{channels} channels, {edge}³, {(last ? "channels last" : "channels first")}");
                Function(channels, edge, last);
            }
        }

        foreach (bool last in new[] { false, true })
        {
            Console.WriteLine($"layers, {(last ? "channels last" : "channels first")}");
            Convolution("layer 1", nn.Conv3d(6, 50, 3L), 3, 0, [12, 6, 11, 11, 11], last);
            Convolution("layer 2", nn.Conv3d(50, 100, 1L), 1, 0, [12, 50, 9, 9, 9], last);
            Convolution("layer 3", nn.Conv3d(100, 48, 3L), 3, 0, [12, 100, 9, 9, 9], last);
        }
    }

    private static void Function(int channels, int edge, bool last)
    {
        long[] shape = [12, channels, edge, edge, edge];
        Convolution("conv 3³", nn.Conv3d(channels, channels, 3L, padding: 1L), 3, 1, shape, last);
        Convolution("conv 1³", nn.Conv3d(channels, channels, 1L), 1, 0, shape, last);
        using Tensor x = Laid(shape, last), dy = Laid(shape, last);
        using BatchNorm layer = nn.BatchNorm3d(channels);
        var norm = new NormalizedActivation(layer);
        Time("norm, first", () =>
        {
            using var tape = new Tape(true, StepOptions.Default);
            norm.Forward(x, tape).Dispose();
        });
        using var tape = new Tape(true, StepOptions.Default);
        using Tensor y = norm.Forward(x, tape);
        tape.BeginRepeat();
        Time("norm, repeated", () => norm.Forward(x, tape).Dispose());
        Time("norm, adjoint", () => norm.Backward(x, y, dy, tape)!.Dispose());
        Time("add_", () => x.add_(dy, 1e-9));
        Time("new tensor, add", () => x.add(dy, 1e-9).Dispose());
        using var function = new Bottleneck(channels);
        Time("function, first", () =>
        {
            using var own = new Tape(true, StepOptions.Default);
            function.Run(x, own).Dispose();
        });
        Time("function, first and adjoint", () =>
        {
            using var own = new Tape(true, StepOptions.Default);
            function.Run(x, own).Dispose();
            function.Backward(x, own, dy, true)!.Dispose();
        });
    }

    private static void Convolution(string name, Convolution layer, long kernel, long padding, long[] shape, bool last)
    {
        using Tensor x = Laid(shape, last);
        using Tensor like = layer.call(x);
        using Tensor dy = Laid(like.shape, last);
        var adjoint = new ConvolutionAdjoint(layer, 3, kernel, padding: padding);
        using var tape = new Tape(true, StepOptions.Default);
        Time(name, () => adjoint.Forward(x, tape).Dispose());
        Time(name + ", adjoint", () => adjoint.Backward(x, dy, tape)!.Dispose());
        Time(name + ", adjoint of the weight", () => adjoint.Backward(x, dy, tape, false)?.Dispose());
        using var half = new Tape(true, new StepOptions { ConvolutionType = ScalarType.BFloat16 });
        Time(name + ", bfloat16", () => adjoint.Forward(x, half).Dispose());
        Time(name + ", bfloat16, adjoint", () => adjoint.Backward(x, dy, half)!.Dispose());
        using Tensor xh = x.to(ScalarType.BFloat16), dyh = dy.to(ScalarType.BFloat16);
        Time(name + ", bfloat16 throughout", () => adjoint.Forward(xh, half).Dispose());
        Time(name + ", bfloat16 throughout, adjoint", () => adjoint.Backward(xh, dyh, half)!.Dispose());
        layer.zero_grad();
    }

    private static Tensor Laid(long[] shape, bool last)
    {
        using Tensor x = randn(shape);
        return last ? MemoryLayout.ToChannelsLast(x) : x.alias();
    }

    private static void Time(string name, Action action)
    {
        var times = new List<double>();
        for (int i = 0; i < 18; i++)
        {
            long begin = Stopwatch.GetTimestamp();
            action();
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }

        Console.WriteLine($"  {name,-44} {times.Skip(3).Order().ElementAt(7),8:f3} ms  (least {times.Min():f3})");
    }
}
