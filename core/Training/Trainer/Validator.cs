using Iqt.Reversible;
using static TorchSharp.torch;

namespace Iqt.Training;

/// <summary>The loss on patches that are not trained on.</summary>
public static class Validator
{
    /// <summary>
    /// Root of the squared error pooled over all patches (normalised units), in evaluation mode: normalisation layers
    /// use their running statistics and keep them.
    /// </summary>
    public static double Loss(Network network, BatchBuilder batches, ReadOnlySpan<PatchReference> patches, int batchSize, CancellationToken cancellation)
    {
        bool training = network.training;
        network.eval();
        try
        {
            using IDisposable withoutGraph = no_grad();
            double sum = 0, count = 0;
            for (int start = 0; start < patches.Length; start += batchSize)
            {
                cancellation.ThrowIfCancellationRequested();
                using PatchBatch batch = batches.Build(patches.Slice(start, Math.Min(batchSize, patches.Length - start)));
                using Tensor prediction = network.call(batch.Input);
                (double batchSum, double batchCount) = SquaredError.Total(prediction, batch);
                sum += batchSum;
                count += batchCount;
            }

            return Math.Sqrt(sum / count);
        }
        finally
        {
            network.train(training);
        }
    }
}
