using System.Collections.Concurrent;
using System.Globalization;
using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints;

/// <summary>
/// Adjoints that libtorch has and TorchSharp does not wrap, reached as TorchScript. An error inside one ends the
/// process, so callers pass only what a forward run has accepted.
/// </summary>
internal static class AtenOperators
{
    private static readonly Lazy<jit.CompilationUnit> Elementwise = new(() => jit.compile(
        """
        def rectified(gradient: Tensor, output: Tensor) -> Tensor:
            return torch.threshold_backward(gradient, output, 0)

        def leaky(gradient: Tensor, output: Tensor, slope: float) -> Tensor:
            return torch.leaky_relu_backward(gradient, output, slope, True)

        """));

    private static readonly ConcurrentDictionary<string, jit.CompilationUnit> Convolutions = [];

    /// <summary>∂L/∂input of max(input, 0), from its output.</summary>
    public static Tensor RectifierBackward(Tensor gradient, Tensor output) =>
        (Tensor)Elementwise.Value.invoke("rectified", gradient, output);

    /// <summary>∂L/∂input of a leaky rectifier with a slope ≥ 0, from its output.</summary>
    public static Tensor LeakyRectifierBackward(Tensor gradient, Tensor output, double slope) =>
        (Tensor)Elementwise.Value.invoke("leaky", gradient, output, slope);

    /// <summary>A convolution's adjoint with its settings compiled in.</summary>
    public static jit.CompilationUnit Convolution(long[] stride, long[] padding, long[] dilation, bool transposed, long[] outputPadding, long groups) =>
        Convolutions.GetOrAdd(
            string.Create(CultureInfo.InvariantCulture, $"{List(stride)}, {List(padding)}, {List(dilation)}, {(transposed ? "True" : "False")}, {List(outputPadding)}, {groups}"),
            settings => jit.compile(
                $"""
                def both(dy: Tensor, x: Tensor, w: Tensor) -> Tuple[Tensor, Tensor]:
                    dx, dw, db = torch.convolution_backward(dy, x, w, None, {settings}, [True, True, False])
                    return dx, dw

                def weight(dy: Tensor, x: Tensor, w: Tensor) -> Tensor:
                    dx, dw, db = torch.convolution_backward(dy, x, w, None, {settings}, [False, True, False])
                    return dw

                """));

    private static string List(long[] values) => "[" + string.Join(", ", values) + "]";
}
