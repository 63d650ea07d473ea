namespace Iqt.Reversible.Prediction;

/// <summary>
/// Tensors that libtorch makes and frees inside a convolution on the CPU, as its choice of kernels has it
/// (aten/src/ATen/native/Convolution.cpp, ConvParams::use_mkldnn, libtorch 2.10).
/// </summary>
internal static class ConvolutionScratch
{
    private const long SmallestForOneDnn = 20480;

    /// <summary>Bytes of a layer's scratch tensors; 0 for other layers.</summary>
    /// <param name="step">The layer.</param>
    /// <param name="batch">Number of examples.</param>
    /// <param name="edges">Of the input.</param>
    /// <param name="input">Bytes of the input.</param>
    /// <param name="output">Bytes of the output.</param>
    /// <param name="isPlain">Whether its input is in channels-first order.</param>
    public static long Bytes(LayerStep step, long batch, IReadOnlyList<long> edges, long input, long output, bool isPlain)
    {
        if (step.Form != LayerForm.Convolution)
        {
            return 0;
        }

        // One small example is not oneDNN's: its neighbourhoods are laid out as columns of a matrix.
        bool isOneDnn = batch > 1 || step.Kernel > 3 || step.InputChannels * edges[0] * edges[1] > SmallestForOneDnn;
        if (!isOneDnn)
        {
            return step.Kernel == 1 ? 0 : output / step.OutputChannels * step.InputChannels * edges.Aggregate(1L, (volume, _) => volume * step.Kernel);
        }

        // The weight of a 1×1×1 convolution counts as channels-last, and everything else is copied into that order.
        return step.Kernel == 1 && isPlain ? input + output : 0;
    }
}
