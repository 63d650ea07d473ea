using static TorchSharp.torch;

namespace Iqt.Reversible.Prediction;

/// <summary>A stack on paper: what its blocks keep and bring back, for the halves of its activation.</summary>
internal sealed class PredictedStack
{
    private readonly MemoryTimeline _timeline;
    private readonly long _half;
    private readonly long _stream;
    private readonly int _reversed;
    private readonly PredictedHalf[] _f;
    private readonly PredictedHalf[] _g;
    private readonly PredictedTape[][] _fTapes;
    private readonly PredictedTape[][] _gTapes;
    private readonly (long F, long G)[] _parameters;
    private (PredictedTensor Alpha, PredictedTensor Beta)? _snapshot;
    private (PredictedTensor Alpha, PredictedTensor Beta)? _end;

    /// <param name="blocks">The modules.</param>
    /// <param name="channels">Of a half.</param>
    /// <param name="edges">Of the activation.</param>
    /// <param name="batch">Examples, and bytes of one number.</param>
    /// <param name="kept">How many of the last blocks keep their activations.</param>
    /// <param name="timeline">Where it counts.</param>
    public PredictedStack(IReadOnlyList<nn.Module> blocks, int channels, IReadOnlyList<long> edges, PredictedBatch batch, int kept, MemoryTimeline timeline)
    {
        _timeline = timeline;
        _half = batch.Scale * channels * edges.Aggregate(1L, (a, b) => a * b);
        _stream = _half / batch.ElementSize * batch.StreamElementSize(blocks.Count);
        _reversed = blocks.Count - kept;
        PredictedHalf Half(nn.Module block, string name) =>
            new([.. BlockFunctions.Of(block, name).Select(function => new PredictedChain(function.Steps(channels), edges, batch, timeline))], _stream, _half, timeline);
        _f = [.. blocks.Select(block => Half(block, "f"))];
        _g = [.. blocks.Select(block => Half(block, "g"))];
        _fTapes = [.. _f.Select((half, i) => half.Tapes(i >= _reversed))];
        _gTapes = [.. _g.Select((half, i) => half.Tapes(i >= _reversed))];
        _parameters = [.. blocks.Select(block => (PredictedParameters.Bytes(BlockFunctions.Half(block, "f")), PredictedParameters.Bytes(BlockFunctions.Half(block, "g"))))];
    }

    /// <summary>Runs the blocks on the halves, which are given up; the caller disposes those that come out.</summary>
    public (PredictedTensor Alpha, PredictedTensor Beta) Run(PredictedTensor alpha, PredictedTensor beta)
    {
        for (int i = 0; i < _f.Length; i++)
        {
            if (i == _reversed && i > 0 && _snapshot is null)
            {
                _snapshot = (alpha.Alias(), beta.Alias());
            }

            alpha = _f[i].Forward(alpha, beta, _fTapes[i]);
            beta = _g[i].Forward(beta, alpha, _gTapes[i]);
        }

        return (alpha, beta);
    }

    /// <summary>Runs them once more, keeping all activations.</summary>
    public (PredictedTensor Alpha, PredictedTensor Beta) Recompute(PredictedTensor alpha, PredictedTensor beta)
    {
        foreach (PredictedTape tape in _fTapes.Concat(_gTapes).SelectMany(tapes => tapes))
        {
            tape.BeginRecomputation();
        }

        return Run(alpha, beta);
    }

    /// <summary>Whether going back starts from the stack's output.</summary>
    public bool NeedsOutput => _reversed > 0 && _reversed == _f.Length;

    /// <summary>Whether the stack's input is there when all blocks went back.</summary>
    public bool GivesInput => _reversed > 0;

    /// <summary>Takes the halves and their gradients, which stay the caller's, to the stack's input.</summary>
    /// <param name="x">The halves of the output; null where all blocks are stored, replaced where a snapshot is.</param>
    /// <param name="dx">Gradients of the halves.</param>
    /// <param name="wantInputGradient">Whether ∂L/∂input is computed.</param>
    /// <param name="gradients">Those of parameters.</param>
    public void Backward(ref (PredictedTensor Alpha, PredictedTensor Beta)? x, (PredictedTensor Alpha, PredictedTensor Beta) dx, bool wantInputGradient, PredictedParameters gradients)
    {
        for (int i = _f.Length - 1; i >= 0; i--)
        {
            _g[i].Backward(x?.Alpha, _gTapes[i], dx.Beta, wantSourceGradient: true);
            gradients.Add(_parameters[i].G);
            _f[i].Backward(x?.Beta, _fTapes[i], dx.Alpha, wantInputGradient || i > 0);
            gradients.Add(_parameters[i].F);
            if (i == _reversed && _snapshot is { } snapshot)
            {
                Free(ref x);
                (x, _snapshot) = (snapshot, null);
            }

            gradients.Complete(_parameters[i].F + _parameters[i].G);
        }
    }

    /// <summary>New halves, of a gradient.</summary>
    public (PredictedTensor Alpha, PredictedTensor Beta) Split() => (_timeline.Allocate(_half), _timeline.Allocate(_half));

    /// <summary>New halves of the activation, in the residual stream's type.</summary>
    public (PredictedTensor Alpha, PredictedTensor Beta) Open() => (_timeline.Allocate(_stream), _timeline.Allocate(_stream));

    /// <summary>The halves as one activation in the functions' type; a wider stream is converted half by half first.</summary>
    public PredictedTensor Join()
    {
        long converted = _stream == _half ? 0 : 2 * _half;
        _timeline.Add(converted);
        PredictedTensor joined = _timeline.Allocate(2 * _half);
        _timeline.Add(-converted);
        return joined;
    }

    /// <summary>Behind the blocks: frees the halves, or keeps those of a wider stream for the way back.</summary>
    public void Close((PredictedTensor Alpha, PredictedTensor Beta) x, bool isReversed)
    {
        if (isReversed && NeedsOutput && _stream != _half)
        {
            _end = x;
            return;
        }

        x.Alpha.Dispose();
        x.Beta.Dispose();
    }

    /// <summary>What <see cref="Close"/> kept.</summary>
    public (PredictedTensor Alpha, PredictedTensor Beta)? TakeEnd()
    {
        (PredictedTensor Alpha, PredictedTensor Beta)? end = _end;
        _end = null;
        return end;
    }

    /// <summary>Frees halves.</summary>
    public static void Free(ref (PredictedTensor Alpha, PredictedTensor Beta)? halves)
    {
        halves?.Alpha.Dispose();
        halves?.Beta.Dispose();
        halves = null;
    }
}
