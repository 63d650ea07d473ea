namespace Iqt.Reversible.Prediction;

/// <summary>What turns voxels into bytes.</summary>
/// <param name="Examples">In the batch.</param>
/// <param name="ElementSize">Bytes of one number.</param>
internal readonly record struct PredictedBatch(long Examples, long ElementSize)
{
    /// <summary>Bytes of one voxel of one channel of the whole batch.</summary>
    public long Scale => Examples * ElementSize;

    /// <summary>For a network's own type.</summary>
    public static PredictedBatch Of(Network network, long examples) => new(examples, network.parameters().FirstOrDefault()?.element_size() ?? 4);
}
