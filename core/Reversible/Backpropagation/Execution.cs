using Iqt.Reversible.Adjoints;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// The run of a step that layers take part in: the forward pass, or a recomputation in the backward pass. Only the first may
/// change a network's state (running statistics), and both draw the same random numbers.
/// </summary>
/// <param name="IsFirst">Whether this is the forward pass.</param>
/// <param name="Seed">Of the step's random numbers; each layer draws from a stream of its own.</param>
public readonly record struct Execution(bool IsFirst, ulong Seed)
{
    /// <summary>Where a repetition leaves buffers to be put back; null where that happens at once.</summary>
    public BufferRestoration? Restoration { get; init; }

    /// <summary>Where the first run notes what its repetitions begin from; null where none follow.</summary>
    internal Tape? Tape { get; init; }

    /// <summary>Of one graph: the type of a stack's two halves; chosen by depth if null.</summary>
    public ScalarType? StreamType { get; init; }

    /// <summary>Of one graph: the type that convolutions are computed in; the parameters' if null.</summary>
    public ScalarType? ConvolutionType { get; init; }

    /// <summary>The type in which residual functions read halves of another type; the halves' own if null.</summary>
    public ScalarType? FunctionType { get; init; }

    /// <summary>The forward pass of a new step: draws one number from the global generator.</summary>
    public static Execution New()
    {
        using Tensor drawn = randint(long.MaxValue, [1], dtype: ScalarType.Int64);
        return new Execution(IsFirst: true, Seed: (ulong)drawn.item<long>());
    }

    /// <summary>The same step, once more.</summary>
    /// <param name="restoration">Disposed by the caller behind the backward pass.</param>
    public Execution Repeated(BufferRestoration restoration) => this with { IsFirst = false, Restoration = restoration };
}
