using Iqt.Reversible.Adjoints;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>Runs layers without a graph.</summary>
/// <param name="input">The segment's input; not changed.</param>
/// <param name="tape">Takes what the adjoint reads.</param>
public delegate Tensor LayersRun(Tensor input, Tape tape);

/// <summary>The adjoint of layers: as of <see cref="IAdjointFunction.Backward"/>.</summary>
public delegate Tensor? LayersAdjoint(Tensor input, Tape tape, Tensor gradient, bool wantInputGradient);

/// <summary>
/// A forward pass segment by segment that keeps what its <see cref="SegmentPlan"/> says, and the backward pass from the last
/// segment to the first (paper, Fig. 3). Generated passes derive from it and say the order.
/// </summary>
public abstract partial class SegmentPass : ForwardPass
{
    private const string InputKey = "input";
    private readonly Network _network;
    private readonly ActivationSlot[] _slots;
    private readonly Dictionary<string, int> _segments;
    private readonly StepOptions _options;
    private readonly bool _isTraining;
    private readonly List<(long[] Shape, ScalarType Dtype, Device Device)> _inputs = [];
    private bool _retains;

    /// <param name="network">The network.</param>
    /// <param name="plan">What is kept.</param>
    /// <param name="options">Of this step.</param>
    /// <exception cref="ArgumentException">Options that the network has no use for.</exception>
    protected SegmentPass(Network network, SegmentPlan plan, StepOptions options)
    {
        options.Check(network);
        _network = network;
        _options = options;
        _isTraining = network.training;
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
        Complete(output, InSegment(output, () => run(input, tape)));
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
                InSegment(output, () => run(input, tape)).Dispose();
            }

            HandBack(output, source, InSegment(output, () => adjoint(input, tape, outputGradient, source.WantsGradient)));
            if (!isStored)
            {
                tape.EndRecomputation();
            }
        }

        Finish(output);
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
        using IDisposable withoutGraph = no_grad();
        _retains = retainCaches;
        Array.ForEach(_slots, slot => slot.StartBackward(retainCaches));
        int next = 0;
        for (int i = 0; i < _network.Segments.Count; i++)
        {
            if (_network.Segments[i].IsOutput && outputGradients[next++] is { } gradient)
            {
                OutputSlot(i).AddGradient(gradient.to(OutputSlot(i).Type)); // as autograd does; a second handle if it has that type
            }
        }

        Want(wantInputGradients);
        BackwardSegments();
        return wantInputGradients ? [.. _slots.Take(_network.Inputs.Count).Select((slot, i) => slot.TakeGradient() ?? Zeros(i))] : [];
    }

    /// <inheritdoc/>
    protected override void FreeCaches() => Array.ForEach(_slots, slot => slot.Free());

    private static T Record<T>(ActivationSlot output)
        where T : class => output.Record as T ?? throw new InvalidOperationException("What the forward pass recorded of this segment was freed.");

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
