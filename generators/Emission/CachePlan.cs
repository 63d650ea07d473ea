using Iqt.Generators.Models;

namespace Iqt.Generators.Emission;

/// <summary>
/// Which activations the forward pass keeps. Activation i is the output of segment i; activation −1 is the
/// network's input.
/// </summary>
internal static class CachePlan
{
    /// <summary>
    /// Mode Reversible: the input of a segment that is recomputed, and the output of a stack, unless the next
    /// segment is a stack, whose inversion brings it back (the paper's A0, A1, A2 in Fig. 3).
    /// </summary>
    public static bool KeptReversible(NetworkModel network, int activation)
    {
        SegmentStrategy? producer = Strategy(network, activation);
        SegmentStrategy? reader = Strategy(network, activation + 1);
        return reader == SegmentStrategy.Recompute || (producer == SegmentStrategy.Reverse && reader != SegmentStrategy.Reverse);
    }

    /// <summary>Mode Checkpointed: the input of every segment that is recomputed; stacks are, too.</summary>
    public static bool KeptCheckpointed(NetworkModel network, int activation) =>
        Strategy(network, activation + 1) is SegmentStrategy.Recompute or SegmentStrategy.Reverse;

    /// <summary>Whether the inversion of a stack has to hand its input to the stack before it.</summary>
    public static bool HandsOnInput(NetworkModel network, int segment) => Strategy(network, segment - 1) == SegmentStrategy.Reverse;

    /// <summary>For the description of a segment in mode Reversible.</summary>
    public static string Describe(NetworkModel network, int segment) => network.Segments[segment].Strategy switch
    {
        SegmentStrategy.Reverse when KeptReversible(network, segment) => "its output",
        SegmentStrategy.Reverse => $"nothing: {network.Segments[segment + 1].Name} gives back its output",
        SegmentStrategy.Recompute when segment == 0 => "the input",
        SegmentStrategy.Recompute when Strategy(network, segment - 1) == SegmentStrategy.Reverse => $"the output of {network.Segments[segment - 1].Name}",
        SegmentStrategy.Recompute => "its input",
        _ => "nothing",
    };

    private static SegmentStrategy? Strategy(NetworkModel network, int segment) =>
        segment >= 0 && segment < network.Segments.Count ? network.Segments[segment].Strategy : null;
}
