using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>Batch normalisation that counts a batch once, however often the backward pass recomputes it.</summary>
public static class BatchNormalization
{
    /// <summary>
    /// Normalises [batch, channels, …]. In training mode by the batch's own statistics; the running
    /// statistics and <c>num_batches_tracked</c> take part in the first run only (memcnn#12, RevTorch#13 and
    /// the paper's own code update them on every run).
    /// </summary>
    public static Tensor Apply(BatchNorm layer, Tensor input, Execution execution)
    {
        if (!layer.training || execution.IsFirst)
        {
            return layer.call(input);
        }

        return nn.functional.batch_norm(
            input, null, null, layer.weight, layer.bias, training: true, momentum: layer.momentum ?? 0.0, eps: layer.eps);
    }
}
