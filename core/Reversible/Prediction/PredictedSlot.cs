namespace Iqt.Reversible.Prediction;

/// <summary>One activation of a pass on paper, as <see cref="ActivationSlot"/> owns it.</summary>
/// <param name="plan">What is kept.</param>
/// <param name="activation">Its number.</param>
internal sealed class PredictedSlot(SegmentPlan plan, int activation)
{
    private PredictedTensor? _value;
    private PredictedTensor? _gradient;
    private int _readsLeft;
    private bool _isForward = true;

    /// <summary>Whether ∂L/∂activation is computed.</summary>
    public bool WantsGradient { get; set; } = true;

    /// <summary>Owns the activation from here.</summary>
    public void Set(PredictedTensor value)
    {
        _value?.Dispose();
        _value = value;
        if (_isForward)
        {
            _readsLeft = plan.ForwardReads(activation);
        }

        FreeIfRead();
    }

    /// <summary>A handle for one reader.</summary>
    public PredictedTensor Read()
    {
        PredictedTensor read = _value!.Alias();
        _readsLeft--;
        FreeIfRead();
        return read;
    }

    /// <summary>From here on the backward pass reads.</summary>
    public void StartBackward()
    {
        _isForward = false;
        _readsLeft = plan.BackwardReads(activation);
    }

    /// <summary>Adds to ∂L/∂activation; a sum takes memory of its own.</summary>
    public void AddGradient(PredictedTensor gradient, MemoryTimeline timeline)
    {
        if (_gradient is null)
        {
            _gradient = gradient;
            return;
        }

        PredictedTensor sum = timeline.Allocate(gradient.Bytes);
        _gradient.Dispose();
        gradient.Dispose();
        _gradient = sum;
    }

    /// <summary>∂L/∂activation, which the caller disposes.</summary>
    public PredictedTensor? TakeGradient()
    {
        PredictedTensor? gradient = _gradient;
        _gradient = null;
        return gradient;
    }

    private void FreeIfRead()
    {
        if (_readsLeft <= 0 && !(plan.IsKept(activation) && _isForward))
        {
            _value?.Dispose();
            _value = null;
        }
    }
}
