namespace Iqt.Reversible;

/// <summary>
/// Which activations a forward pass keeps for its backward pass, and which the backward pass brings back itself, for given
/// strategies of the segments. Activations are counted with the inputs first, then the segments' outputs.
/// </summary>
public sealed class SegmentPlan
{
    private readonly Network _network;
    private readonly SegmentStrategy[] _strategies;
    private readonly int[][] _sources;
    private readonly List<int>[] _readers;
    private readonly bool[] _recovered;
    private readonly bool[] _wanted;

    /// <param name="network">The network.</param>
    /// <param name="strategies">For each segment; rearrangements are reversed whatever stands here.</param>
    public SegmentPlan(Network network, IReadOnlyList<SegmentStrategy> strategies)
    {
        _network = network;
        _strategies = [.. network.Segments.Zip(strategies, (s, strategy) => s.Kind == SegmentKind.Rearrangement ? SegmentStrategy.Reverse : strategy)];
        List<string> names = [.. network.Inputs.Select(input => input.Name), .. network.Segments.Select(segment => segment.Name)];
        _sources = [.. network.Segments.Select(segment => segment.Sources.Select(source => names.IndexOf(source)).ToArray())];
        _readers = [.. names.Select((_, activation) => Enumerable.Range(0, _sources.Length).Where(s => _sources[s].Contains(activation)).ToList())];
        _recovered = new bool[names.Count];
        _wanted = new bool[names.Count];
        for (int i = names.Count - 1; i >= 0; i--)
        {
            _recovered[i] = IsRecovered(i);
        }

        for (int i = 0; i < names.Count; i++)
        {
            _wanted[i] = ReadsInBackward(i) > 0 || Through(i);
        }
    }

    /// <summary>Number of activations.</summary>
    public int Count => _wanted.Length;

    /// <summary>How a mode treats the segments of a network.</summary>
    public static SegmentPlan For(Network network, BackpropagationMode mode) => new(network, [.. network.Segments.Select(segment => mode switch
    {
        BackpropagationMode.Stored => SegmentStrategy.Store,
        BackpropagationMode.Checkpointed => SegmentStrategy.Recompute,
        BackpropagationMode.Reversible => segment.Strategy,
        _ => throw new ArgumentException($"Mode {mode} is one graph; it has no segments.", nameof(mode)),
    })]);

    /// <summary>How a segment is backpropagated.</summary>
    public SegmentStrategy Strategy(int segment) => _strategies[segment];

    /// <summary>Whether the forward pass keeps an activation.</summary>
    public bool IsKept(int activation) => _wanted[activation] && !_recovered[activation];

    /// <summary>How many segments read an activation in the forward pass.</summary>
    public int ForwardReads(int activation) => _readers[activation].Count;

    /// <summary>How often the backward pass reads an activation.</summary>
    public int BackwardReads(int activation) => ReadsInBackward(activation) + (Through(activation) ? 1 : 0);

    /// <summary>Whether the inversion of a segment has to hand its input on, because somebody further up reads it.</summary>
    public bool HandsOnInput(int segment) =>
        _sources[segment].Length == 1 && _sources[segment][0] is var source && _wanted[source] && _recovered[source] && _readers[source][^1] == segment;

    /// <summary>What is kept for a segment, in words.</summary>
    public string Describe(int segment)
    {
        int own = segment + _network.Inputs.Count;
        List<string> inputs = [.. _network.Segments[segment].Sources.Where((_, i) => IsKept(_sources[segment][i])).Distinct()];
        return (_strategies[segment], _network.Segments[segment].Kind) switch
        {
            (SegmentStrategy.Store, _) => "its activations",
            (SegmentStrategy.Recompute, _) => inputs.Count == 0 ? "nothing: its input is recovered" : "its input: " + string.Join(", ", inputs),
            (_, SegmentKind.Rearrangement) => "nothing",
            _ => IsKept(own) ? "its output" : $"nothing: {_network.Segments[_readers[own][^1]].Name} gives back its output",
        };
    }

    // The last reader runs first in the backward pass. If it can be inverted, and its own output is there by then, the
    // activation comes back for nothing; a stack reads its output in any case.
    private bool IsRecovered(int activation)
    {
        if (_readers[activation].Count == 0)
        {
            return false;
        }

        int last = _readers[activation][^1], output = last + _network.Inputs.Count;
        return _sources[last].Length == 1
            && _strategies[last] == SegmentStrategy.Reverse
            && (_network.Segments[last].Kind == SegmentKind.Stack || ReadsInBackward(output) > 0 || _recovered[output]);
    }

    private int ReadsInBackward(int activation)
    {
        int producer = activation - _network.Inputs.Count;
        int recomputed = _readers[activation].Count(reader => _strategies[reader] == SegmentStrategy.Recompute);
        return recomputed + (producer >= 0 && _network.Segments[producer].Kind == SegmentKind.Stack && _strategies[producer] == SegmentStrategy.Reverse ? 1 : 0);
    }

    // A rearrangement's output is read once more where its input comes back through it.
    private bool Through(int activation)
    {
        int producer = activation - _network.Inputs.Count;
        return producer >= 0 && _network.Segments[producer].Kind == SegmentKind.Rearrangement && HandsOnInput(producer);
    }
}
