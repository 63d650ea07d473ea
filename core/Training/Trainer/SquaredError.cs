using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Training;

/// <summary>The error of normalised patches: the loss of a step, and the sums that validation pools.</summary>
public static class SquaredError
{
    // The root's slope is infinite at 0; below this mean the gradient is 0.
    private static readonly Scalar Smallest = 1e-12.ToScalar();

    /// <summary>
    /// The paper's loss, the root of the mean squared error over the voxels that count, as a scalar that the caller
    /// disposes. On the HR grid it equals the paper's RMSE of inversely shuffled patches: shuffling only moves
    /// voxels.
    /// </summary>
    /// <param name="prediction">[batch, 6, m, m, m].</param>
    /// <param name="batch">Target and, if only brain voxels count, which they are.</param>
    public static Tensor Root(Tensor prediction, PatchBatch batch)
    {
        (Tensor sum, Tensor count) = Sums(prediction, batch);
        using (sum)
        using (count)
        {
            using Tensor mean = sum.div(count);
            using Tensor bounded = mean.clamp_min(Smallest);
            return bounded.sqrt();
        }
    }

    /// <summary>The sum of squares and the number of values that it has.</summary>
    /// <param name="prediction">[batch, 6, m, m, m].</param>
    /// <param name="batch">Target and, if only brain voxels count, which they are.</param>
    public static (double Sum, double Count) Total(Tensor prediction, PatchBatch batch)
    {
        (Tensor sum, Tensor count) = Sums(prediction, batch);
        using (sum)
        using (count)
        {
            return (Number(sum), Number(count));
        }
    }

    /// <summary>The value of a scalar tensor of any device and floating type.</summary>
    internal static double Number(Tensor scalar)
    {
        using Tensor host = scalar.to(ScalarType.Float64, CPU, copy: true);
        return host.item<double>();
    }

    private static (Tensor Sum, Tensor Count) Sums(Tensor prediction, PatchBatch batch)
    {
        using Tensor difference = prediction.sub(batch.Target);
        if (batch.Brain is null)
        {
            using Tensor squares = difference.mul(difference);
            using Tensor ones = ones_like(batch.Target);
            return (squares.sum(), ones.sum());
        }

        using Tensor counted = difference.mul(batch.Brain);
        using Tensor countedSquares = counted.mul(counted);
        using Tensor everyChannel = batch.Brain.expand_as(batch.Target);
        return (countedSquares.sum(), everyChannel.sum());
    }
}
