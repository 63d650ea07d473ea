using static TorchSharp.torch;

namespace Iqt.Reversible.Prediction;

/// <summary>A training step segment by segment on paper: the same steps as <see cref="SegmentPass"/>, with sizes in the place of tensors.</summary>
internal sealed class PredictedPass
{
    private readonly Network _network;
    private readonly SegmentPlan _plan;
    private readonly MemoryTimeline _timeline = new();
    private readonly PredictedParameters _gradients;
    private readonly PredictedSlot[] _slots;
    private readonly int[][] _sources;
    private readonly long[] _bytes;
    private readonly PredictedBatch _batch;
    private readonly IReadOnlyList<NetworkSizes> _axes;
    private readonly PredictedStack?[] _stacks;
    private readonly PredictedChain[] _chains;
    private readonly PredictedTape[] _tapes;

    public PredictedPass(Network network, SegmentPlan plan, PredictedBatch batch, IReadOnlyList<NetworkSizes> axes, bool isFused, IReadOnlyDictionary<string, int> keptBlocks)
    {
        (_network, _plan, _axes, _batch) = (network, plan, axes, batch);
        _gradients = new PredictedParameters(_timeline, isFused);
        List<string> names = [.. network.Inputs.Select(input => input.Name), .. network.Segments.Select(segment => segment.Name)];
        long[] channels = [.. network.Inputs.Select(input => (long)input.Channels), .. network.Segments.Select(segment => (long)segment.OutputChannels)];
        _bytes = [.. names.Select((name, i) => channels[i] * Voxels(name) * _batch.Scale)];
        _sources = [.. network.Segments.Select(segment => segment.Sources.Select(source => names.IndexOf(source)).ToArray())];
        _slots = [.. names.Select((_, i) => new PredictedSlot(plan, i))];
        _stacks = [.. network.Segments.Select((segment, i) => segment.Kind == SegmentKind.Stack ? Stack(segment, i, keptBlocks) : null)];
        _chains = Chains();
        _tapes = [.. network.Segments.Select((_, i) => new PredictedTape(plan.Strategy(i) == SegmentStrategy.Store))];
    }

    /// <summary>The most bytes in use at once above weights, optimiser state and data.</summary>
    public long Peak()
    {
        for (int i = 0; i < _network.Inputs.Count; i++)
        {
            _slots[i].Set(new MemoryTimeline().Allocate(_bytes[i])); // the caller's memory
        }

        var outputs = new List<(int Slot, PredictedTensor Value)>();
        for (int i = 0; i < _network.Segments.Count; i++)
        {
            PredictedTensor value = Forward(i);
            if (_network.Segments[i].IsOutput)
            {
                outputs.Add((Slot(i), value.Alias()));
            }

            _slots[Slot(i)].Set(value);
        }

        // The loss: its squares, then its gradient, which stays the caller's.
        Array.ForEach(_slots, slot => slot.StartBackward());
        foreach ((int slot, PredictedTensor value) in outputs)
        {
            _timeline.Pass(value.Bytes);
            _slots[slot].AddGradient(_timeline.Allocate(value.Bytes).Alias(), _timeline);
        }

        for (int i = 0; i < _network.Inputs.Count; i++)
        {
            _slots[i].WantsGradient = false;
        }

        for (int i = _network.Segments.Count - 1; i >= 0; i--)
        {
            Backward(i);
        }

        return _timeline.Peak;
    }

    private PredictedTensor Forward(int i)
    {
        PredictedTensor input = Read(i);
        if (_stacks[i] is { } stack)
        {
            (PredictedTensor alpha, PredictedTensor beta) = stack.Open();
            input.Dispose();
            (PredictedTensor Alpha, PredictedTensor Beta) x = stack.Run(alpha, beta);
            PredictedTensor joined = stack.Join();
            stack.Close(x, _plan.Strategy(i) == SegmentStrategy.Reverse);
            return joined;
        }

        using (input)
        {
            if (_network.Segments[i].Kind == SegmentKind.Layers)
            {
                _tapes[i].Keep(0, input);
            }

            return _chains[i].Run(input, _tapes[i]);
        }
    }

    private void Backward(int i)
    {
        if (_network.Segments[i].Kind == SegmentKind.Rearrangement && _plan.HandsOnInput(i))
        {
            _slots[Slot(i)].Read().Dispose();
            _slots[_sources[i][0]].Set(_timeline.Allocate(_bytes[_sources[i][0]]));
        }

        PredictedTensor? outputGradient = _slots[Slot(i)].TakeGradient();
        if (outputGradient is null && !_plan.HandsOnInput(i))
        {
            return;
        }

        outputGradient ??= _timeline.Allocate(_bytes[Slot(i)]);
        bool want = _sources[i].Any(source => _slots[source].WantsGradient);
        if (_stacks[i] is { } stack)
        {
            Backward(i, stack, outputGradient, want);
            return;
        }

        using (outputGradient)
        {
            if (_network.Segments[i].Kind == SegmentKind.Rearrangement)
            {
                HandBack(i, want ? _timeline.Allocate(_bytes[_sources[i][0]]) : null);
                return;
            }

            PredictedTape tape = _tapes[i];
            using PredictedTensor input = tape.IsStored ? tape.Take(0) : Read(i);
            if (!tape.IsStored)
            {
                tape.BeginRecomputation();
                _chains[i].Run(input, tape).Dispose();
            }

            PredictedTensor? gradient = _chains[i].Backward(input, tape, outputGradient, want);
            long parameters = _network.SegmentModule(_network.Segments[i].Name) is { } module ? PredictedParameters.Bytes(module) : 0;
            _gradients.Add(parameters);
            HandBack(i, gradient);
            tape.Free();
            _gradients.Complete(parameters);
        }
    }

    private void Backward(int i, PredictedStack stack, PredictedTensor outputGradient, bool want)
    {
        (PredictedTensor Alpha, PredictedTensor Beta)? x = Halves(i, stack);
        (PredictedTensor Alpha, PredictedTensor Beta)? dx = stack.Split();
        outputGradient.Dispose();
        stack.Backward(ref x, dx.Value, want, _gradients);
        if (_plan.HandsOnInput(i))
        {
            _slots[_sources[i][0]].Set(stack.Join());
        }

        if (want)
        {
            HandBack(i, _timeline.Allocate(_bytes[Slot(i)]));
        }

        PredictedStack.Free(ref dx);
        PredictedStack.Free(ref x);
    }

    private (PredictedTensor, PredictedTensor)? Halves(int i, PredictedStack stack)
    {
        if (_plan.Strategy(i) == SegmentStrategy.Store)
        {
            return null;
        }

        bool isRecomputed = _plan.Strategy(i) == SegmentStrategy.Recompute;
        using PredictedTensor whole = isRecomputed ? Read(i) : _slots[Slot(i)].Read();
        if (!isRecomputed && stack.TakeEnd() is { } end)
        {
            return end;
        }

        if (!isRecomputed && !stack.NeedsOutput && stack.GivesInput)
        {
            return null;
        }

        (PredictedTensor alpha, PredictedTensor beta) = stack.Open();
        return isRecomputed ? stack.Recompute(alpha, beta) : (alpha, beta);
    }

    private PredictedTensor Read(int i)
    {
        if (_sources[i] is [var only])
        {
            return _slots[only].Read();
        }

        PredictedTensor[] parts = [.. _sources[i].Select(source => _slots[source].Read())];
        long bytes = _network.Segments[i].Junction == Junction.Concat ? parts.Sum(part => part.Bytes) : parts[0].Bytes;
        PredictedTensor joined = _timeline.Allocate(bytes);
        Array.ForEach(parts, part => part.Dispose());
        return joined;
    }

    private void HandBack(int i, PredictedTensor? gradient)
    {
        using (gradient)
        {
            foreach (int source in _sources[i])
            {
                if (gradient is not null && _slots[source].WantsGradient)
                {
                    // Parts of a concatenation share its memory.
                    _slots[source].AddGradient(gradient.Alias(), _timeline);
                }
            }
        }
    }

    private PredictedStack Stack(Segment segment, int i, IReadOnlyDictionary<string, int> keptBlocks)
    {
        IReadOnlyList<nn.Module> blocks = [.. _network.SegmentModule(segment.Name)!.named_children().Select(child => child.module)];
        int kept = _plan.Strategy(i) == SegmentStrategy.Store ? blocks.Count
            : _plan.Strategy(i) == SegmentStrategy.Reverse ? Math.Min(keptBlocks.GetValueOrDefault(segment.Name), _plan.HandsOnInput(i) ? blocks.Count - 1 : blocks.Count)
            : 0;
        return new PredictedStack(blocks, segment.InputChannels / 2, Edges(segment.Name), _batch, Math.Max(0, kept), _timeline);
    }

    // Convolutions copy activations in channels-first order, so that it matters where one lies so: inputs do, stacks leave channels last.
    private PredictedChain[] Chains()
    {
        var chains = new PredictedChain[_network.Segments.Count];
        bool IsPlain(int activation) => activation < _network.Inputs.Count || chains[activation - _network.Inputs.Count].IsPlain;
        for (int i = 0; i < chains.Length; i++)
        {
            // A concatenation lies as all its parts do, channels first if they differ; a sum as its first summand.
            Segment segment = _network.Segments[i];
            bool isPlain = segment.Kind != SegmentKind.Stack
                && (segment.Junction == Junction.Concat ? _sources[i].Any(IsPlain) : IsPlain(_sources[i][0]));
            chains[i] = new PredictedChain(segment.Steps, Edges(segment.Sources[0]), _batch, _timeline, isPlain);
        }

        return chains;
    }

    private int Slot(int segment) => _network.Inputs.Count + segment;

    private long[] Edges(string name) => [.. _axes.Select(axis => axis[name])];

    private long Voxels(string name) => Edges(name).Aggregate(1L, (a, b) => a * b);
}
