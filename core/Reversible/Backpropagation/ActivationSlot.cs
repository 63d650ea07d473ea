using TorchSharp;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// One activation of a pass, an input or the output of a segment, with its gradient: owns both from the moment they are
/// there until their last reader has run.
/// </summary>
public sealed class ActivationSlot
{
    private static readonly Scalar One = 1.0.ToScalar();
    private readonly bool _isKept;
    private readonly int _forwardReads;
    private readonly int _backwardReads;
    private Tensor? _value;
    private Tensor? _gradient;
    private int _readsLeft;
    private bool _isForward = true;
    private bool _retains;

    internal ActivationSlot(Network network, SegmentPlan plan, int activation)
    {
        int segment = activation - network.Inputs.Count;
        if (segment >= 0)
        {
            Segment = network.Segments[segment];
            Strategy = plan.Strategy(segment);
            HandsOnInput = plan.HandsOnInput(segment);
        }

        _isKept = plan.IsKept(activation);
        _forwardReads = plan.ForwardReads(activation);
        _backwardReads = plan.BackwardReads(activation);
    }

    /// <summary>The segment whose output it is; null for an input.</summary>
    internal Segment? Segment { get; }

    /// <summary>How the segment is backpropagated.</summary>
    internal SegmentStrategy Strategy { get; }

    /// <summary>Whether the segment's inversion hands its input on.</summary>
    internal bool HandsOnInput { get; }

    /// <summary>Whether ∂L/∂activation is to be computed.</summary>
    internal bool WantsGradient { get; set; } = true;

    /// <summary>What the segment's run left for its adjoint: a <see cref="Adjoints.Tape"/> or the tapes of a stack; the slot owns it.</summary>
    internal IDisposable? Record { get; set; }

    /// <summary>The activation's type.</summary>
    internal ScalarType Type { get; private set; }

    /// <summary>Owns the activation from here; frees it at once where nobody will read it.</summary>
    internal void Set(Tensor value)
    {
        _value?.Dispose();
        _value = value;
        Type = value.dtype;
        if (_isForward)
        {
            _readsLeft = _forwardReads;
        }

        FreeIfRead();
    }

    /// <summary>A handle for one reader, which disposes it. Behind the last reader the activation is freed unless it is kept.</summary>
    internal Tensor Read()
    {
        Tensor read = (_value ?? throw new InvalidOperationException("This activation is not kept in this backpropagation mode.")).alias();
        _readsLeft--;
        FreeIfRead();
        return read;
    }

    /// <summary>From here on the backward pass reads.</summary>
    internal void StartBackward(bool retains)
    {
        _isForward = false;
        _retains = retains;
        _readsLeft = _backwardReads;
        _gradient?.Dispose();
        _gradient = null;
    }

    /// <summary>Adds to ∂L/∂activation; owns what it is given.</summary>
    internal void AddGradient(Tensor gradient)
    {
        if (_gradient is null)
        {
            _gradient = gradient;
            return;
        }

        // Not in place: the readers of a sum are given the same memory.
        using Tensor before = _gradient;
        using (gradient)
        {
            _gradient = add(before, gradient, One);
        }
    }

    /// <summary>∂L/∂activation, which the caller disposes; null if nothing that was differentiated depends on it.</summary>
    internal Tensor? TakeGradient()
    {
        Tensor? gradient = _gradient;
        _gradient = null;
        return gradient;
    }

    internal void Free()
    {
        _value?.Dispose();
        _value = null;
        _gradient?.Dispose();
        _gradient = null;
        Record?.Dispose();
        Record = null;
    }

    private void FreeIfRead()
    {
        if (_readsLeft <= 0 && !(_isKept && (_isForward || _retains)))
        {
            _value?.Dispose();
            _value = null;
        }
    }
}
