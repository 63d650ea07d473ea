using Iqt.Reversible.Adjoints;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>Runs layers without a graph.</summary>
/// <param name="input">The segment's input; not changed.</param>
/// <param name="tape">Takes what the adjoint reads.</param>
public delegate Tensor LayersRun(Tensor input, Tape tape);

/// <summary>The adjoint of layers: as of <see cref="IAdjointFunction.Backward"/>.</summary>
public delegate Tensor? LayersAdjoint(Tensor input, Tape tape, Tensor gradient, bool wantInputGradient);

/// <summary>Runs a stack in either direction, without a graph.</summary>
/// <param name="x">The halves of the stack's input; become those of its output (or the other way).</param>
/// <param name="tapes">Take what the adjoints read.</param>
public delegate void StackRun(CoupledHalves x, StackTapes tapes);

/// <summary>Takes activation and gradient backwards through a stack.</summary>
/// <param name="x">The halves of the stack's output, or none where all blocks are stored; become those of its input.</param>
/// <param name="dx">∂L/∂output; becomes ∂L/∂input.</param>
/// <param name="tapes">The tapes of the forward run.</param>
/// <param name="wantInputGradient">False where nobody reads ∂L/∂input.</param>
public delegate void StackAdjoint(CoupledHalves x, CoupledHalves dx, StackTapes tapes, bool wantInputGradient);

/// <summary>
/// A forward pass segment by segment that keeps what its <see cref="SegmentPlan"/> says, and the backward pass from the last
/// segment to the first (paper, Fig. 3). Generated passes derive from it and say the order.
/// </summary>
public abstract class SegmentPass : ForwardPass
{
    private const string InputKey = "input";
    private readonly Network _network;
    private readonly ActivationSlot[] _slots;
    private readonly Dictionary<string, int> _segments;
    private readonly StepOptions _options;
    private readonly List<(long[] Shape, ScalarType Dtype, Device Device)> _inputs = [];
    private bool _retains;

    /// <param name="network">The network.</param>
    /// <param name="plan">What is kept.</param>
    /// <param name="options">Of this step.</param>
    protected SegmentPass(Network network, SegmentPlan plan, StepOptions options)
    {
        _network = network;
        _options = options;
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
    /// <param name="run">The layers.</param>
    /// <param name="source">What they read.</param>
    protected void Forward(ActivationSlot output, LayersRun run, Source source)
    {
        using Tensor input = source.Read();
        var tape = new Tape(output.Strategy == SegmentStrategy.Store, _options);
        output.Record = tape;
        tape.Keep(InputKey, input);
        Complete(output, run(input, tape));
    }

    /// <summary>Runs a stack.</summary>
    protected void Forward(ActivationSlot output, StackRun run, Source source)
    {
        Tensor input = source.Read();
        (int blocks, ScalarType type) = (output.Segment!.Blocks, input.dtype);
        ScalarType stream = ResidualStreamType.Of(_options.StreamType, blocks, type);
        var tapes = new StackTapes(blocks, Kept(output, blocks), _options, stream == type ? null : type);
        output.Record = tapes;
        using CoupledHalves x = Split(input, stream);
        run(x, tapes);
        Complete(output, x.Join(type));
        if (stream != type && output.Strategy == SegmentStrategy.Reverse && tapes.NeedsOutput)
        {
            tapes.KeepEnd(x);
        }
    }

    /// <summary>Runs a rearrangement.</summary>
    protected void Forward(ActivationSlot output, Func<Tensor, Tensor> rearrangement, Source source)
    {
        using Tensor input = source.Read();
        Complete(output, rearrangement(input));
    }

    /// <summary>The gradients of layers, which are run again first unless they are stored (the paper's Fig. 3c).</summary>
    protected void Backward(ActivationSlot output, LayersRun run, LayersAdjoint adjoint, Source source)
    {
        if (output.TakeGradient() is not { } outputGradient)
        {
            return;
        }

        using (outputGradient)
        {
            Tape tape = Record<Tape>(output);
            tape.Retains = _retains;
            bool isStored = output.Strategy == SegmentStrategy.Store;
            using Tensor input = isStored ? tape.Take(InputKey) : source.Read();
            if (!isStored)
            {
                tape.BeginRecomputation();
                run(input, tape).Dispose();
            }

            HandBack(output, source, adjoint(input, tape, outputGradient, source.WantsGradient));
            if (!isStored)
            {
                tape.EndRecomputation();
            }
        }

        Finish(output);
    }

    /// <summary>The gradients of a stack: inverted block by block (the paper's Fig. 3b), unless the plan says otherwise.</summary>
    protected void Backward(ActivationSlot output, StackRun run, StackAdjoint adjoint, Source source)
    {
        Tensor? outputGradient = output.TakeGradient();
        if (outputGradient is null && !output.HandsOnInput)
        {
            return;
        }

        StackTapes tapes = Record<StackTapes>(output);
        tapes.StartBackward(_retains);
        using CoupledHalves x = Halves(output, run, source, tapes, out ScalarType type);
        using CoupledHalves dx = outputGradient is null ? Zeros(x, type) : Split(outputGradient, null);
        adjoint(x, dx, tapes, source.WantsGradient);
        if (output.HandsOnInput)
        {
            source.Restore(x.Join(type));
        }

        if (source.WantsGradient)
        {
            HandBack(output, source, dx.Join());
        }

        if (!_retains)
        {
            output.Record = null;
            tapes.Dispose();
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
        CheckFusedUpdate(retainCaches);
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

    // Where the way back through a stack begins: at its output, at nothing where all blocks are stored, or at the end of a
    // forward run that is repeated from the stack's input and stores all blocks.
    private CoupledHalves Halves(ActivationSlot output, StackRun run, Source source, StackTapes tapes, out ScalarType type)
    {
        type = output.Type;
        ScalarType stream = ResidualStreamType.Of(_options.StreamType, output.Segment!.Blocks, type);
        if (output.Strategy == SegmentStrategy.Recompute)
        {
            tapes.BeginRecomputation();
            CoupledHalves again = Split(source.Read(), stream);
            try
            {
                run(again, tapes);
                return again;
            }
            catch
            {
                again.Dispose();
                throw;
            }
        }

        if (output.Strategy == SegmentStrategy.Store)
        {
            return CoupledHalves.Empty();
        }

        Tensor value = output.Read();
        CoupledHalves? end = tapes.TakeEnd();
        if (end is null && (tapes.NeedsOutput || !tapes.GivesInput))
        {
            return Split(value, stream);
        }

        value.Dispose();
        return end ?? CoupledHalves.Empty();
    }

    // Halves own their memory: what they are made of can go before the blocks run.
    private static CoupledHalves Split(Tensor whole, ScalarType? type)
    {
        using (whole)
        {
            return CoupledHalves.Split(whole, type);
        }
    }

    private static CoupledHalves Zeros(CoupledHalves x, ScalarType type)
    {
        using Tensor joined = x.Join(type);
        using Tensor zero = zeros_like(joined);
        return CoupledHalves.Split(zero);
    }

    private int Kept(ActivationSlot output, int blocks) =>
        output.Strategy == SegmentStrategy.Store ? blocks
        : output.Strategy == SegmentStrategy.Reverse && _options.KeptBlocks.TryGetValue(output.Segment!.Name, out int kept) ? Math.Min(kept, output.HandsOnInput ? blocks - 1 : blocks)
        : 0;

    private static T Record<T>(ActivationSlot output)
        where T : class => output.Record as T ?? throw new InvalidOperationException("What the forward pass recorded of this segment was freed.");

    // An update within the pass changes the weights that another pass would read, and frees what it would add to.
    private void CheckFusedUpdate(bool retainCaches)
    {
        if (_options.GradientsComplete is null)
        {
            return;
        }

        if (retainCaches)
        {
            throw new InvalidOperationException(
                "The caches can't be retained: this pass updates each block's parameters as soon as their gradients are complete, and a second pass would read the new ones. Update behind the last pass instead.");
        }

        foreach ((string name, TorchSharp.Modules.Parameter parameter) in _network.named_parameters())
        {
            using Tensor? gradient = parameter.grad;
            if (gradient is not null)
            {
                throw new InvalidOperationException(
                    $"{name} has a gradient of an earlier pass. An update within the backward pass takes one batch's gradients: to accumulate several, update behind the last pass; else free the gradients first.");
            }
        }
    }

    // The gradients of a segment of layers are complete: it is backpropagated once.
    private void Finish(ActivationSlot output)
    {
        if (!_retains)
        {
            output.Record?.Dispose();
            output.Record = null;
        }

        if (_options.GradientsComplete is { } complete && _network.SegmentModule(output.Segment!.Name) is { } module)
        {
            complete(module);
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
