using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints;

/// <summary>
/// What one run of a residual function or of a layer segment leaves for its adjoint; owns it. It has two parts.
/// <em>Notes</em> are small and decide what the run computed: batch statistics, a random state. They are always
/// kept, so that a repeated run computes the same and counts nothing twice. <em>Activations</em> are the tensors
/// that the adjoint reads; they are kept only while <see cref="KeepsActivations"/>.
/// </summary>
public sealed class Tape : IDisposable
{
    private readonly Dictionary<object, Tensor> _notes = [];
    private readonly Dictionary<object, Tensor> _activations = [];

    /// <param name="keepsActivations">Whether the first run keeps what the adjoint reads.</param>
    /// <param name="retain">Whether the backward pass may be run again: then it takes nothing away.</param>
    /// <param name="type">The type in which a residual function reads a residual stream of another type.</param>
    public Tape(bool keepsActivations, bool retain = false, ScalarType? type = null)
    {
        Type = type;
        KeepsActivations = keepsActivations;
        Retain = retain;
    }

    /// <summary>The type in which a residual function reads the residual stream; the stream's own if null.</summary>
    public ScalarType? Type { get; }

    /// <summary>Whether a run keeps its activations.</summary>
    public bool KeepsActivations { get; private set; }

    /// <summary>Whether the first run is done: from then on runs only repeat it.</summary>
    public bool Repeats { get; private set; }

    /// <summary>Whether the backward pass takes nothing away.</summary>
    public bool Retain { get; }

    /// <summary>Ends the first run; the next one repeats it, and keeps its activations.</summary>
    public void BeginRepeat()
    {
        Repeats = true;
        KeepsActivations = true;
    }

    /// <summary>The note that an operation made in the first run; null in the first run.</summary>
    public Tensor? Note(object operation) => _notes.GetValueOrDefault(operation);

    /// <summary>Keeps a note of an operation; the tape owns it from here.</summary>
    public Tensor Note(object operation, Tensor note) => _notes[operation] = note;

    /// <summary>Keeps a second handle to an operation's result or input, if activations are kept.</summary>
    public void Keep(object operation, Tensor activation)
    {
        if (KeepsActivations)
        {
            Forget(operation);
            _activations[operation] = activation.alias();
        }
    }

    /// <summary>What <see cref="Keep"/> kept, which the caller disposes.</summary>
    /// <exception cref="InvalidOperationException">It was not kept, or taken already.</exception>
    public Tensor Take(object operation)
    {
        if (!_activations.TryGetValue(operation, out Tensor? activation))
        {
            throw new InvalidOperationException(
                "An activation is missing on the tape: the run before the backward pass kept none, or an earlier backward pass took it.");
        }

        if (Retain)
        {
            return activation.alias();
        }

        _activations.Remove(operation);
        return activation;
    }

    /// <summary>Frees the activations, and leaves the notes for another repetition.</summary>
    public void FreeActivations()
    {
        foreach (Tensor activation in _activations.Values)
        {
            activation.Dispose();
        }

        _activations.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        FreeActivations();
        foreach (Tensor note in _notes.Values)
        {
            note.Dispose();
        }

        _notes.Clear();
    }

    private void Forget(object operation)
    {
        if (_activations.Remove(operation, out Tensor? earlier))
        {
            earlier.Dispose();
        }
    }
}
