using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>Runs a segment as operations of an autograd graph; where gradients are disabled it frees as it goes.</summary>
/// <param name="input">The segment's input; not changed.</param>
/// <param name="execution">The run of the step.</param>
public delegate Tensor SegmentFunction(Tensor input, Execution execution);

/// <summary>Runs a stack without a graph, in place.</summary>
/// <param name="x">The halves of the stack's input; become those of its output.</param>
/// <param name="execution">The run of the step.</param>
public delegate void StackFunction(Halves x, Execution execution);

/// <summary>Takes activation and gradient backwards through a stack.</summary>
/// <param name="x">The halves of the stack's output; become those of its input.</param>
/// <param name="dx">∂L/∂output; becomes ∂L/∂input.</param>
/// <param name="execution">The run of the step.</param>
/// <param name="wantInputGradient">False where nobody reads ∂L/∂input.</param>
public delegate void StackReversal(Halves x, Halves dx, Execution execution, bool wantInputGradient);

/// <summary>
/// A forward pass segment by segment that keeps what its <see cref="SegmentPlan"/> says, and the backward pass from the last
/// segment to the first (paper, Fig. 3). Generated passes derive from it and say the order.
/// </summary>
public abstract class SegmentPass : ForwardPass
{
    private readonly Network _network;
    private readonly ActivationSlot[] _slots;
    private readonly Dictionary<string, int> _segments;
    private readonly Execution _first;
    private readonly List<(long[] Shape, ScalarType Dtype, Device Device)> _inputs = [];
    private bool _retains;

    /// <param name="network">The network.</param>
    /// <param name="plan">What is kept.</param>
    /// <param name="execution">The forward pass of this step.</param>
    protected SegmentPass(Network network, SegmentPlan plan, Execution execution)
    {
        _network = network;
        _first = execution;
        _slots = [.. Enumerable.Range(0, plan.Count).Select(i => new ActivationSlot(network, plan, i))];
        _segments = network.Segments.Select((segment, i) => (segment.Name, i)).ToDictionary(pair => pair.Name, pair => pair.i);
    }

    /// <summary>The place of an input, counted in the order of the declaration.</summary>
    protected ActivationSlot InputSlot(int index) => _slots[index];

    /// <summary>The place of a segment's output, counted in the order of the declaration.</summary>
    protected ActivationSlot OutputSlot(int segment) => _slots[_network.Inputs.Count + segment];

    /// <summary>Runs the forward pass; on an exception everything is freed.</summary>
    protected void Start(IReadOnlyList<Tensor> inputs)
    {
        try
        {
            using IDisposable withoutGraph = no_grad();
            for (int i = 0; i < inputs.Count; i++)
            {
                _slots[i].Set(inputs[i].alias());
                _inputs.Add((inputs[i].shape, inputs[i].dtype, inputs[i].device));
            }

            ForwardSegments();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Runs the segments in order.</summary>
    protected abstract void ForwardSegments();

    /// <summary>Takes the gradients from the last segment to the first.</summary>
    protected abstract void BackwardSegments();

    /// <summary>Runs layers.</summary>
    /// <param name="output">The place of their output.</param>
    /// <param name="graph">The layers.</param>
    /// <param name="source">What they read.</param>
    protected void Forward(ActivationSlot output, SegmentFunction graph, Source source)
    {
        using Tensor input = source.Read();
        if (output.Strategy == SegmentStrategy.Store)
        {
            Record(output, graph, input, source);
        }
        else
        {
            Complete(output, graph(input, _first));
        }
    }

    /// <summary>Runs a stack.</summary>
    protected void Forward(ActivationSlot output, SegmentFunction graph, StackFunction stack, Source source)
    {
        if (output.Strategy == SegmentStrategy.Store)
        {
            using Tensor input = source.Read();
            Record(output, graph, input, source);
            return;
        }

        using Halves x = Split(source.Read());
        stack(x, _first);
        Complete(output, x.Join());
    }

    /// <summary>Runs a rearrangement.</summary>
    protected void Forward(ActivationSlot output, Func<Tensor, Tensor> rearrangement, Source source)
    {
        using Tensor input = source.Read();
        Complete(output, rearrangement(input));
    }

    /// <summary>The gradients of layers: from their kept graph, or from one that is made again (the paper's Fig. 3c).</summary>
    protected void Backward(ActivationSlot output, SegmentFunction graph, Source source)
    {
        if (output.TakeGradient() is not { } outputGradient)
        {
            return;
        }

        using (outputGradient)
        {
            if (output.Strategy == SegmentStrategy.Store)
            {
                StoredGraph stored = output.Graph ?? throw new InvalidOperationException("The segment's graph was freed.");
                HandBack(output, source, stored.Backward(outputGradient, _retains));
                if (!_retains)
                {
                    output.Graph = null;
                    stored.Dispose();
                }
            }
            else
            {
                using Tensor input = source.Read();
                using var buffers = new BufferRestoration();
                using StoredGraph again = StoredGraph.Record(graph, input, _first.Repeated(buffers), source.WantsGradient);
                HandBack(output, source, again.Backward(outputGradient, retain: false));
            }
        }
    }

    /// <summary>The gradients of a stack: inverted block by block (the paper's Fig. 3b), unless the plan says otherwise.</summary>
    protected void Backward(ActivationSlot output, SegmentFunction graph, StackReversal reversal, Source source)
    {
        if (output.Strategy != SegmentStrategy.Reverse)
        {
            Backward(output, graph, source);
            return;
        }

        Tensor? outputGradient = output.TakeGradient();
        if (outputGradient is null && !output.HandsOnInput)
        {
            return;
        }

        Tensor value = output.Read();
        using Halves dx = Split(outputGradient ?? zeros_like(value));
        using Halves x = Split(value);
        using var buffers = new BufferRestoration();
        reversal(x, dx, _first.Repeated(buffers), source.WantsGradient);
        if (output.HandsOnInput)
        {
            source.Restore(x.Join());
        }

        if (source.WantsGradient)
        {
            HandBack(output, source, dx.Join());
        }
    }

    /// <summary>The gradients of a rearrangement: its adjoint is its inverse and reads no activation.</summary>
    protected void Backward(ActivationSlot output, Func<Tensor, Tensor> inverse, Source source)
    {
        if (output.HandsOnInput)
        {
            using Tensor value = output.Read();
            source.Restore(inverse(value));
        }

        if (output.TakeGradient() is { } outputGradient)
        {
            using (outputGradient)
            {
                HandBack(output, source, source.WantsGradient ? inverse(outputGradient) : null);
            }
        }
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Tensor> BackwardOutputs(IReadOnlyList<Tensor?> outputGradients, bool wantInputGradients, bool retainCaches)
    {
        _retains = retainCaches;
        Array.ForEach(_slots, slot => slot.StartBackward(retainCaches));
        int next = 0;
        for (int i = 0; i < _network.Segments.Count; i++)
        {
            if (_network.Segments[i].IsOutput && outputGradients[next++] is { } gradient)
            {
                OutputSlot(i).AddGradient(gradient.alias());
            }
        }

        using IDisposable withoutGraph = no_grad();
        Want(wantInputGradients);
        BackwardSegments();
        return wantInputGradients ? [.. _slots.Take(_network.Inputs.Count).Select((slot, i) => slot.TakeGradient() ?? Zeros(i))] : [];
    }

    /// <inheritdoc/>
    protected override void FreeCaches() => Array.ForEach(_slots, slot => slot.Free());

    // Halves own their memory: what they are made of can go before the blocks run.
    private static Halves Split(Tensor whole)
    {
        using (whole)
        {
            return Halves.Split(whole);
        }
    }

    // ∂L/∂input of an input that no differentiated output depends on.
    private Tensor Zeros(int input) => zeros(_inputs[input].Shape, dtype: _inputs[input].Dtype, device: _inputs[input].Device);

    private void Want(bool inputGradients)
    {
        for (int i = 0; i < _network.Inputs.Count; i++)
        {
            _slots[i].WantsGradient = inputGradients;
        }
    }

    private void Record(ActivationSlot output, SegmentFunction graph, Tensor input, Source source)
    {
        StoredGraph stored = StoredGraph.Record(graph, input, _first, wantsInputGradient: true);
        output.Graph = stored;
        Complete(output, stored.Value);
    }

    private void Complete(ActivationSlot output, Tensor value)
    {
        if (output.Segment is { IsOutput: true })
        {
            AddOutput(value.alias());
        }

        output.Set(value);
    }

    private void HandBack(ActivationSlot output, Source source, Tensor? inputGradient)
    {
        if (inputGradient is null)
        {
            return;
        }

        if (!source.WantsGradient)
        {
            inputGradient.Dispose();
            return;
        }

        source.AddGradient(inputGradient, [.. output.Segment!.Sources.Select(Channels)]);
    }

    private int Channels(string source) =>
        _segments.TryGetValue(source, out int segment)
            ? _network.Segments[segment].OutputChannels
            : _network.Inputs.First(input => input.Name == source).Channels;
}
