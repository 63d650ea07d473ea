using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints;

/// <summary>How a training step is computed, beside its mode. Of these, SingleGraph reads <see cref="StreamType"/> and <see cref="ConvolutionType"/> only.</summary>
public sealed record StepOptions
{
    /// <summary>Nothing special.</summary>
    public static StepOptions Default { get; } = new();

    /// <summary>Mixed precision: the type that convolutions are computed in; the parameters' if null.</summary>
    public ScalarType? ConvolutionType { get; init; }

    /// <summary>
    /// The type of a stack's two halves, for example float64 while its residual functions stay in float32: then reconstructed
    /// halves are the numbers that were read. Chosen by the stack's depth if null: <see cref="ResidualStreamType"/>.
    /// </summary>
    public ScalarType? StreamType { get; init; }

    /// <summary>Also keeps the halves before every k-th reversed block, which bounds the drift of the reconstruction; 0 for none.</summary>
    public int CacheEvery { get; init; }

    /// <summary>
    /// How many of the last blocks of a reversed stack keep their activations instead, by the stack's name: what a memory
    /// budget has room for.
    /// </summary>
    public IReadOnlyDictionary<string, int> KeptBlocks { get; init; } = new Dictionary<string, int>();

    /// <summary>
    /// Called when all gradients of a module (a block, or the layers of a segment) are complete, so that its parameters can be
    /// updated and the gradients freed before the next module's are made.
    /// </summary>
    public Action<nn.Module>? GradientsComplete { get; init; }

    /// <summary>The step's random numbers.</summary>
    internal Execution Execution { get; init; }

    /// <summary>Throws if they don't fit the network, or nothing.</summary>
    internal void Check(Network network)
    {
        if (CacheEvery < 0)
        {
            throw new ArgumentException($"{nameof(CacheEvery)} is {CacheEvery}; it has to be at least 0, which caches no halves between blocks.");
        }

        string[] stacks = [.. network.Segments.Where(segment => segment.Kind == SegmentKind.Stack).Select(segment => segment.Name)];
        foreach ((string name, int blocks) in KeptBlocks)
        {
            if (!stacks.Contains(name))
            {
                throw new ArgumentException($"{nameof(KeptBlocks)} names '{name}', which is no stack of network {network.NetworkName}: it has {(stacks.Length == 0 ? "none" : string.Join(", ", stacks))}.");
            }

            if (blocks < 0)
            {
                throw new ArgumentException($"{nameof(KeptBlocks)} has {blocks} for {name}; it has to be at least 0.");
            }
        }
    }
}
