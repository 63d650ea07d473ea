using static TorchSharp.torch;

namespace Iqt.Reversible.Prediction;

/// <summary>
/// Peak memory of a training step, worked out from the declaration: bytes of tensors above weights, optimiser state and data,
/// in float32 with an optimiser of Iqt's.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="batch">Number of examples.</param>
/// <param name="edges">Of every input, along each axis.</param>
/// <param name="stream">As in <see cref="Adjoints.StepOptions.StreamType"/>.</param>
public sealed class MemoryPrediction(Network network, long batch, IReadOnlyList<long> edges, ScalarType? stream = null)
{
    private readonly PredictedBatch _batch = PredictedBatch.Of(network, batch, stream);
    private readonly IReadOnlyList<NetworkSizes> _axes = [.. edges.Select(edge => Sizes(network, edge))];

    /// <summary>For inputs with equal edges.</summary>
    /// <exception cref="ArgumentException">The size does not fit the network.</exception>
    public MemoryPrediction(Network network, long batch, long size, ScalarType? stream = null)
        : this(network, batch, [.. Enumerable.Repeat(size, network.Dimensions)], stream)
    {
    }

    /// <summary>The peak in bytes.</summary>
    /// <param name="mode">How gradients are computed.</param>
    /// <param name="isFused">Whether each block is updated within the backward pass. One graph never is.</param>
    /// <param name="keptBlocks">As in <see cref="Adjoints.StepOptions.KeptBlocks"/>.</param>
    public long Peak(BackpropagationMode mode, bool isFused = false, IReadOnlyDictionary<string, int>? keptBlocks = null)
    {
        bool isGraph = mode == BackpropagationMode.SingleGraph;
        long pass = isGraph
            ? new PredictedGraph(network, _batch, _axes).Peak()
            : new PredictedPass(network, SegmentPlan.For(network, mode), _batch, _axes, isFused, keptBlocks ?? new Dictionary<string, int>()).Peak();
        return isFused && !isGraph ? pass : Math.Max(pass, Update());
    }

    // Behind the pass: all gradients, and one block's in one buffer.
    private long Update()
    {
        List<long> modules = [.. network.UpdatedModules().Select(named => PredictedParameters.Bytes(named.Module))];
        return modules.Sum() + modules.DefaultIfEmpty().Max();
    }

    private static NetworkSizes Sizes(Network network, long edge)
    {
        var sizes = new NetworkSizes(network, [.. network.Inputs.Select(_ => edge)]);
        return sizes.Misfit is { } misfit
            ? throw new ArgumentException($"Network {network.NetworkName} can't take edges of {edge} voxels: {misfit}.", nameof(edge))
            : sizes;
    }
}
