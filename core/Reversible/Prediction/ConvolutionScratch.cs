using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace Iqt.Reversible.Prediction;

/// <summary>
/// Tensors that libtorch makes and frees inside a convolution on the CPU, as allocations of libtorch 2.10 were seen to come and
/// go: bytes beside the result at the worst moment.
/// </summary>
/// <param name="Forward">Beside the output.</param>
/// <param name="InputGradient">Beside ∂L/∂input, while that is computed.</param>
/// <param name="WeightGradient">While ∂L/∂weight is computed, which is afterwards.</param>
internal readonly record struct ConvolutionScratch(long Forward, long InputGradient, long WeightGradient)
{
    private const long SmallestForOneDnn = 20480;

    /// <summary>Of a layer; nothing of other layers than convolutions.</summary>
    /// <param name="step">The layer.</param>
    /// <param name="batch">Examples, and bytes of one number.</param>
    /// <param name="edges">Of the input.</param>
    /// <param name="input">Bytes of the input.</param>
    /// <param name="output">Bytes of the output.</param>
    /// <param name="isPlain">Whether its input is in channels-first order.</param>
    public static ConvolutionScratch Of(LayerStep step, PredictedBatch batch, IReadOnlyList<long> edges, long input, long output, bool isPlain)
    {
        if (step.Form != LayerForm.Convolution)
        {
            return default;
        }

        // Where it is not oneDNN's, neighbourhoods are laid out as columns of a matrix.
        long taps = edges.Aggregate(1L, (volume, _) => volume * step.Kernel);
        if (!IsOneDnn(step, batch, edges))
        {
            long columns = output / step.OutputChannels * step.InputChannels * taps;
            if (step.Kernel > 1)
            {
                return new(columns, columns, columns);
            }

            // The matrix is the image itself, except that its gradient is made apart from the input's where libtorch's own kernel does it.
            return new(0, isPlain && IsOneThread(step, batch) ? columns : 0, 0);
        }

        // oneDNN convolves channels-last images as they are, and copies weights and their gradient only; channels-first images it
        // copies into an order in which as many channels lie side by side as a vector holds.
        (long wideIn, long wideOut) = (Padded(step.InputChannels), Padded(step.OutputChannels));
        (long x, long y, long w) = (input / step.InputChannels * wideIn, output / step.OutputChannels * wideOut, wideIn * wideOut * taps * batch.ElementSize);
        if (!isPlain)
        {
            long weight = step.InputChannels * step.OutputChannels * taps * batch.ElementSize;
            return new(weight + w, weight + w, 3 * weight + w);
        }

        return new(Math.Max(x + w + y - output, y), Math.Max(y + w + x - input, x), y + x + w);
    }

    /// <summary>
    /// Whether a convolution is oneDNN's, which leaves the order of the input; libtorch's own, which one small example gets, puts
    /// channels first (aten/src/ATen/native/Convolution.cpp, ConvParams::use_mkldnn).
    /// </summary>
    public static bool IsOneDnn(LayerStep step, PredictedBatch batch, IReadOnlyList<long> edges) =>
        !IsOneThread(step, batch) && (batch.Examples > 1 || step.Kernel > 3 || step.InputChannels * edges[0] * edges[1] > SmallestForOneDnn);

    /// <summary>Whether a convolution puts channels first, whatever the order of its input.</summary>
    public static bool PutsChannelsFirst(LayerStep step, PredictedBatch batch, IReadOnlyList<long> edges) =>
        step.Form == LayerForm.Convolution && !IsOneDnn(step, batch, edges) && !IsOneThread(step, batch);

    // With one thread libtorch takes its own kernel for 1×1×1 convolutions of few examples, unless they are products (ConvolutionAdjoint).
    private static bool IsOneThread(LayerStep step, PredictedBatch batch) =>
        step.Kernel == 1 && batch.Examples < 16 && torch.get_num_threads() == 1;

    private static long Padded(long channels)
    {
        long block = Avx512F.IsSupported ? 16 : 8;
        return (channels + block - 1) / block * block;
    }
}
