using static TorchSharp.torch;

namespace Iqt.Reversible.Prediction;

/// <summary>
/// Peak memory of a training step, worked out from the declaration: bytes of tensors above weights, optimiser state and data,
/// in float32 with an optimiser of Iqt's.
/// </summary>
public sealed class MemoryPrediction
{
    private readonly Network _network;
    private readonly PredictedBatch _batch;
    private readonly IReadOnlyList<NetworkSizes> _axes;

    private MemoryPrediction(Network network, long batch, ScalarType? stream, IReadOnlyList<NetworkSizes> axes)
    {
        _network = network;
        _batch = PredictedBatch.Of(network, batch, stream);
        _axes = axes;
    }

    /// <summary>For inputs that have the same edges.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">Number of examples.</param>
    /// <param name="edges">Of every input, along each axis.</param>
    /// <param name="stream">As in <see cref="Adjoints.StepOptions.StreamType"/>.</param>
    /// <exception cref="ArgumentException">An edge does not fit the network.</exception>
    public MemoryPrediction(Network network, long batch, IReadOnlyList<long> edges, ScalarType? stream = null)
        : this(network, batch, stream, [.. edges.Select(edge => Sizes(network, edge))])
    {
    }

    /// <summary>For inputs that have one edge along all axes.</summary>
    /// <inheritdoc cref="MemoryPrediction(Network, long, IReadOnlyList{long}, ScalarType?)"/>
    public MemoryPrediction(Network network, long batch, long size, ScalarType? stream = null)
        : this(network, batch, [.. Enumerable.Repeat(size, network.Dimensions)], stream)
    {
    }

    /// <summary>For inputs of sizes of their own, each with one edge along all axes.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">Number of examples.</param>
    /// <param name="sizes">That fit the network.</param>
    /// <param name="stream">As in <see cref="Adjoints.StepOptions.StreamType"/>.</param>
    public MemoryPrediction(Network network, long batch, NetworkSizes sizes, ScalarType? stream = null)
        : this(network, batch, stream, [.. Enumerable.Repeat(sizes, network.Dimensions)])
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
            ? new PredictedGraph(_network, _batch, _axes).Peak()
            : new PredictedPass(_network, SegmentPlan.For(_network, mode), _batch, _axes, isFused, keptBlocks ?? new Dictionary<string, int>()).Peak();
        return isFused && !isGraph ? pass : Math.Max(pass, Update());
    }

    // Behind the pass: all gradients, and one block's in one buffer.
    private long Update()
    {
        List<long> modules = [.. _network.UpdatedModules().Select(named => PredictedParameters.Bytes(named.Module))];
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
