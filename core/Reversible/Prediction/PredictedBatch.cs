using static TorchSharp.torch;

namespace Iqt.Reversible.Prediction;

/// <summary>What turns voxels into bytes.</summary>
/// <param name="Examples">In the batch.</param>
/// <param name="ElementSize">Bytes of one number.</param>
/// <param name="Stream">As in <see cref="Adjoints.StepOptions.StreamType"/>.</param>
internal readonly record struct PredictedBatch(long Examples, long ElementSize, ScalarType? Stream)
{
    /// <summary>Bytes of one voxel of one channel of the whole batch.</summary>
    public long Scale => Examples * ElementSize;

    /// <summary>Bytes of one number of a stack's halves.</summary>
    public long StreamElementSize(int blocks) =>
        ElementSize == sizeof(float) && ResidualStreamType.Of(Stream, blocks, ScalarType.Float32) == ScalarType.Float64 ? sizeof(double) : ElementSize;

    /// <summary>For a network's own type.</summary>
    public static PredictedBatch Of(Network network, long examples, ScalarType? stream) =>
        new(examples, network.parameters().FirstOrDefault()?.element_size() ?? 4, stream);
}
