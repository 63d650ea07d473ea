using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints;

/// <summary>
/// The tapes of a stack's blocks in one step, and which of them keep their activations: all (mode Stored), none
/// (mode Reversible), or those of the last blocks that a memory budget allows.
/// </summary>
/// <remarks>
/// Going back, the reversed blocks need the halves at the place where they end. Those of the whole stack's output
/// come from the caller; between kept and reversed blocks, and at every k-th block where that is asked for, a
/// snapshot holds them.
/// </remarks>
public sealed class StackTapes : IDisposable
{
    private readonly (Tape F, Tape G)[] _tapes;
    private readonly (Tensor Alpha, Tensor Beta)?[] _snapshots;
    private readonly int _reversed;
    private readonly int _every;

    /// <param name="blocks">Blocks of the stack.</param>
    /// <param name="kept">How many of the last blocks keep their activations.</param>
    /// <param name="snapshotEvery">Also keeps the halves before every k-th reversed block, against rounding; 0 for none.</param>
    /// <param name="retain">Whether the backward pass may be run again.</param>
    /// <param name="type">The type of F and G where the residual stream has another.</param>
    public StackTapes(int blocks, int kept, int snapshotEvery = 0, bool retain = false, ScalarType? type = null)
    {
        _reversed = Math.Max(0, blocks - kept);
        _every = snapshotEvery;
        _snapshots = new (Tensor, Tensor)?[blocks];
        _tapes = new (Tape, Tape)[blocks];
        for (int i = 0; i < blocks; i++)
        {
            _tapes[i] = (new Tape(i >= _reversed, retain, type), new Tape(i >= _reversed, retain, type));
        }
    }

    /// <summary>Whether going back starts from the stack's output, which then has to be kept.</summary>
    public bool NeedsOutput => _reversed > 0 && _reversed == _tapes.Length;

    /// <summary>The tapes of F and G of block i.</summary>
    public (Tape F, Tape G) this[int i] => _tapes[i];

    /// <summary>Before block i runs forwards: takes a snapshot if one is due.</summary>
    public void Enter(int i, CoupledHalves x)
    {
        if (i > 0 && i == _reversed)
        {
            // The blocks from here on leave these halves as they are.
            _snapshots[i] = (x.Alpha.Value.alias(), x.Beta.Value.alias());
        }
        else if (i > 0 && i < _reversed && _every > 0 && i % _every == 0)
        {
            _snapshots[i] = (x.Alpha.Value.clone(), x.Beta.Value.clone());
        }
    }

    /// <summary>After block i went backwards: frees its tapes, and puts the halves of its snapshot in place if there is one.</summary>
    public void Leave(int i, CoupledHalves x)
    {
        if (_snapshots[i] is { } snapshot)
        {
            _snapshots[i] = null;
            x.Replace(snapshot.Alpha, snapshot.Beta);
        }

        _tapes[i].F.Dispose();
        _tapes[i].G.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int i = 0; i < _tapes.Length; i++)
        {
            _tapes[i].F.Dispose();
            _tapes[i].G.Dispose();
            _snapshots[i]?.Alpha.Dispose();
            _snapshots[i]?.Beta.Dispose();
            _snapshots[i] = null;
        }
    }
}
