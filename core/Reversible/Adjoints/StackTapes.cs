using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints;

/// <summary>
/// The tapes of a stack's blocks in one step, and which of them keep their activations: all (strategy Store), none
/// (Reverse), or those of the last blocks that a memory budget allows.
/// </summary>
/// <remarks>
/// Going back, the reversed blocks need the halves at the place where they end. Those of the whole stack's output
/// come from the caller; between kept and reversed blocks, and at every k-th block where that is asked for, a
/// snapshot holds them. A residual stream in a wider type than the network's also keeps its own end: the activation that the
/// next segment reads is rounded, and an inversion that started there would carry that rounding through every block.
/// </remarks>
public sealed class StackTapes : IDisposable
{
    private readonly (Tape F, Tape G)[] _tapes;
    private readonly (Tensor Alpha, Tensor Beta)?[] _snapshots;
    private readonly StepOptions _options;
    private readonly int _reversed;
    private (Tensor Alpha, Tensor Beta)? _end;
    private bool _retains;
    private bool _onlyInverts;

    /// <param name="blocks">Blocks of the stack.</param>
    /// <param name="kept">How many of the last blocks keep their activations.</param>
    /// <param name="options">Of the step.</param>
    /// <param name="functionType">The type of F and G where the residual stream has another.</param>
    public StackTapes(int blocks, int kept, StepOptions options, ScalarType? functionType = null)
    {
        _options = options;
        _reversed = Math.Max(0, blocks - kept);
        _snapshots = new (Tensor, Tensor)?[blocks];
        _tapes = new (Tape, Tape)[blocks];
        for (int i = 0; i < blocks; i++)
        {
            _tapes[i] = (new Tape(i >= _reversed, options, functionType), new Tape(i >= _reversed, options, functionType));
        }
    }

    /// <summary>Whether going back starts from the stack's output, which then has to be there.</summary>
    public bool NeedsOutput => _reversed > 0 && _reversed == _tapes.Length;

    /// <summary>Whether the stack's input is there when all blocks went back.</summary>
    public bool GivesInput => _reversed > 0;

    /// <summary>The tapes of F and G of block i.</summary>
    public (Tape F, Tape G) this[int i] => _tapes[i];

    /// <summary>Before block i runs forwards: takes a snapshot if one is due.</summary>
    public void Enter(int i, CoupledHalves x)
    {
        bool isDue = i > 0 && (i == _reversed || (i < _reversed && _options.CacheEvery > 0 && i % _options.CacheEvery == 0));
        if (isDue && !_tapes[i].F.Repeats)
        {
            // Stored blocks leave these halves as they are.
            _snapshots[i] = i == _reversed ? (x.Alpha.Value.alias(), x.Beta.Value.alias()) : (x.Alpha.Value.clone(), x.Beta.Value.clone());
        }
    }

    /// <summary>Owns the halves behind the last block, which the way back starts from.</summary>
    internal void KeepEnd(CoupledHalves x) => _end = (x.Alpha.Release(), x.Beta.Release());

    /// <summary>What <see cref="KeepEnd"/> kept, which the caller disposes; null if it kept nothing.</summary>
    internal CoupledHalves? TakeEnd()
    {
        if (_end is not { } end)
        {
            return null;
        }

        _end = _retains ? end : null;
        return _retains ? CoupledHalves.Own(end.Alpha.clone(), end.Beta.clone()) : CoupledHalves.Own(end.Alpha, end.Beta);
    }

    /// <summary>From here on the backward pass reads.</summary>
    /// <param name="retains">Whether another backward pass follows.</param>
    /// <param name="onlyInverts">Whether there is no gradient, so that only the halves go back.</param>
    public void StartBackward(bool retains, bool onlyInverts = false)
    {
        (_retains, _onlyInverts) = (retains, onlyInverts);
        ForEach(tape =>
        {
            (tape.Retains, tape.OnlyInverts) = (retains, onlyInverts);
            if (onlyInverts && !tape.IsStored)
            {
                tape.BeginInversion();
            }
        });
    }

    /// <summary>Ends the first run; the next one repeats all of it and keeps the activations.</summary>
    public void BeginRecomputation() => ForEach(tape => tape.BeginRecomputation());

    /// <summary>Behind the backward pass that a recomputation was for: frees its activations, and another pass recomputes them.</summary>
    internal void EndRecomputation() => ForEach(tape => tape.EndRecomputation());

    /// <summary>Ends the first run; inversions repeat it without keeping anything.</summary>
    internal void BeginInversion() => ForEach(tape => tape.BeginInversion());

    /// <summary>After block i went backwards: frees its tapes, puts the halves of its snapshot in place if there is one, and says that its gradients are complete if there are any.</summary>
    public void Leave(int i, CoupledHalves x, nn.Module block)
    {
        if (_snapshots[i] is { } snapshot)
        {
            x.Replace(_retains ? snapshot.Alpha.clone() : snapshot.Alpha, _retains ? snapshot.Beta.clone() : snapshot.Beta);
            _snapshots[i] = _retains ? snapshot : null;
        }

        if (!_retains)
        {
            _tapes[i].F.Dispose();
            _tapes[i].G.Dispose();
        }

        if (!_onlyInverts)
        {
            _options.GradientsComplete?.Invoke(block);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ForEach(tape => tape.Dispose());
        for (int i = 0; i < _snapshots.Length; i++)
        {
            _snapshots[i]?.Alpha.Dispose();
            _snapshots[i]?.Beta.Dispose();
            _snapshots[i] = null;
        }

        _end?.Alpha.Dispose();
        _end?.Beta.Dispose();
        _end = null;
    }

    private void ForEach(Action<Tape> action)
    {
        foreach ((Tape f, Tape g) in _tapes)
        {
            action(f);
            action(g);
        }
    }
}
