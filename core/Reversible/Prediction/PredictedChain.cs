namespace Iqt.Reversible.Prediction;

/// <summary>A chain of layers on paper: its run and its adjoint as generated code has them, with the sizes of the tensors only.</summary>
internal sealed class PredictedChain
{
    private readonly IReadOnlyList<LayerStep> _steps;
    private readonly MemoryTimeline _timeline;
    private readonly long[] _bytes;
    private readonly ConvolutionScratch[] _scratch;
    private readonly bool[] _isPlain;
    private readonly int _firstWithParameters;

    /// <param name="steps">The layers.</param>
    /// <param name="edges">Of the input, along each axis.</param>
    /// <param name="batch">Examples, and bytes of one number.</param>
    /// <param name="timeline">Where it counts.</param>
    /// <param name="isPlain">Whether its input is in channels-first order; behind a stack it never is.</param>
    public PredictedChain(IReadOnlyList<LayerStep> steps, IReadOnlyList<long> edges, PredictedBatch batch, MemoryTimeline timeline, bool isPlain = false)
    {
        long scale = batch.Scale;
        _steps = steps;
        _timeline = timeline;
        _bytes = new long[steps.Count + 1];
        _scratch = new ConvolutionScratch[steps.Count + 1];
        _isPlain = new bool[steps.Count + 1];
        _firstWithParameters = Enumerable.Range(1, steps.Count).FirstOrDefault(i => steps[i - 1].HasParameters);
        long[] now = [.. edges];
        for (int i = 0; i < steps.Count; i++)
        {
            _bytes[i] = scale * steps[i].InputChannels * now.Aggregate(1L, (a, b) => a * b);
            long[] before = now;
            now = [.. now.Select(edge => steps[i].Size?.OutputSize(edge) ?? edge)];
            _bytes[i + 1] = scale * steps[i].OutputChannels * now.Aggregate(1L, (a, b) => a * b);
            _isPlain[i] = isPlain |= steps[i].InputChannels == 1; // libtorch takes a single channel for channels-first
            _scratch[i + 1] = ConvolutionScratch.Of(steps[i], batch, before, _bytes[i], _bytes[i + 1], isPlain);
            isPlain |= steps[i].LeavesChannelsFirst || ConvolutionScratch.PutsChannelsFirst(steps[i], batch, before);
        }

        IsPlain = isPlain;
    }

    /// <summary>Whether its output is in channels-first order.</summary>
    public bool IsPlain { get; }

    /// <summary>The run; the caller disposes the result.</summary>
    public PredictedTensor Run(PredictedTensor input, PredictedTape tape)
    {
        PredictedTensor x = input.Alias();
        for (int i = 1; i <= _steps.Count; i++)
        {
            if (!_steps[i - 1].IsInPlace)
            {
                PredictedTensor output = _timeline.Allocate(_bytes[i]);
                _timeline.Pass(_scratch[i].Forward + (IsReordered(i) ? _bytes[i - 1] : 0) + (_steps[i - 1].KeptByGraph + _steps[i - 1].Temporaries) * _bytes[i]);
                x.Dispose();
                x = output;
            }

            if (_steps[i - 1].IsKept)
            {
                tape.Keep(i, x);
            }
        }

        return x;
    }

    /// <summary>The adjoint of a run that kept its activations: ∂L/∂input, which the caller disposes, or null.</summary>
    public PredictedTensor? Backward(PredictedTensor input, PredictedTape tape, PredictedTensor gradient, bool wantInputGradient)
    {
        if (_firstWithParameters == 0 && !wantInputGradient)
        {
            return null;
        }

        var brought = new Dictionary<int, PredictedTensor> { [0] = input.Alias() };
        PredictedTensor dx = gradient.Alias();
        try
        {
            for (int i = _steps.Count; i >= 1; i--)
            {
                Bring(i, brought, tape);
                bool want = wantInputGradient || i > _firstWithParameters;
                PredictedTensor? before = Adjoint(i, want);
                if (before is null)
                {
                    return null;
                }

                dx.Dispose();
                dx = before;
                if (i > 1 && brought.Remove(i, out PredictedTensor? read))
                {
                    read.Dispose();
                }
            }

            return dx.Alias();
        }
        finally
        {
            dx.Dispose();
            foreach (PredictedTensor tensor in brought.Values)
            {
                tensor.Dispose();
            }
        }
    }

    private void Bring(int step, Dictionary<int, PredictedTensor> brought, PredictedTape tape)
    {
        LayerForm form = _steps[step - 1].Form;
        if (form is LayerForm.Convolution or LayerForm.Normalization or LayerForm.Graph)
        {
            BringActivation(step - 1, brought, tape);
        }

        if (form is LayerForm.Normalization or LayerForm.Rectifier)
        {
            BringActivation(step, brought, tape);
        }
    }

    private void BringActivation(int activation, Dictionary<int, PredictedTensor> brought, PredictedTape tape)
    {
        if (brought.ContainsKey(activation))
        {
            return;
        }

        if (_steps[activation - 1].Form == LayerForm.Normalization)
        {
            BringActivation(activation - 1, brought, tape);
            brought[activation] = _timeline.Allocate(_bytes[activation]);
        }
        else
        {
            brought[activation] = tape.Take(activation);
        }
    }

    private PredictedTensor? Adjoint(int i, bool want)
    {
        LayerStep step = _steps[i - 1];
        bool isWrittenOut = step.Form == LayerForm.Normalization && !HasKernels(i);
        using PredictedTensor temporary = _timeline.Allocate(step.Form switch
        {
            LayerForm.Normalization => isWrittenOut && step.Slope is not null ? _bytes[i] : 0, // the gradient through the rectifier
            LayerForm.Graph => (1 + step.KeptByGraph + step.Temporaries) * _bytes[i], // the operation run again, and what autograd keeps of it
            _ => 0,
        });
        if (isWrittenOut)
        {
            _timeline.Pass(_bytes[i - 1]); // gradient × input
        }

        PredictedTensor? before = want ? _timeline.Allocate(_bytes[i - 1]) : null;
        _timeline.Pass(want ? _scratch[i].InputGradient : 0);
        _timeline.Pass(_scratch[i].WeightGradient);
        return before;
    }

    // As Kernels.ChannelTiles.Fit: batch normalisation by .NET's vectors makes nothing but its result.
    private bool HasKernels(int i) => !_isPlain[i - 1] && _bytes[i - 1] <= int.MaxValue;

    // libtorch copies the input of an operation that leaves channels first into that order.
    private bool IsReordered(int i) => _steps[i - 1] is { Form: LayerForm.Graph, LeavesChannelsFirst: true } && !_isPlain[i - 1];
}
