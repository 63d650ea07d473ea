using static TorchSharp.torch;

namespace Iqt.Reversible.Adjoints;

/// <summary>
/// What one run of a residual function or of a layer segment leaves for its adjoint; owns it. It has two parts.
/// <em>Notes</em> are small and decide what the run computed: batch statistics, buffers of modules. They are always kept, so that a repeated run
/// computes the same and counts nothing twice. <em>Activations</em> are the tensors that the adjoint reads; they are kept
/// only while <see cref="KeepsActivations"/>.
/// </summary>
public sealed class Tape : IDisposable
{
    private readonly Dictionary<object, Tensor> _notes = [];
    private readonly Dictionary<object, Tensor> _activations = [];
    private readonly Dictionary<string, Tape> _parts = [];
    private readonly StepOptions _options;

    /// <param name="isStored">Whether the first run keeps what the adjoint reads.</param>
    /// <param name="options">Of the step.</param>
    /// <param name="functionType">The type in which a residual function reads a residual stream of another type.</param>
    public Tape(bool isStored, StepOptions options, ScalarType? functionType = null)
    {
        IsStored = isStored;
        KeepsActivations = isStored;
        FunctionType = functionType;
        _options = options;
    }

    /// <summary>The type in which a residual function reads the residual stream; the stream's own if null.</summary>
    public ScalarType? FunctionType { get; }

    /// <summary>Mixed precision: the type that convolutions are computed in; the parameters' if null.</summary>
    public ScalarType? ConvolutionType => _options.ConvolutionType;

    /// <summary>Whether the adjoint finds the activations of the forward run, so that nothing has to be run again.</summary>
    public bool IsStored { get; private set; }

    /// <summary>Whether a run keeps its activations.</summary>
    public bool KeepsActivations { get; private set; }

    /// <summary>Whether the first run is done: from then on runs only repeat it.</summary>
    public bool Repeats { get; private set; }

    /// <summary>Whether the backward pass takes nothing away, because there will be another.</summary>
    public bool Retains { get; set; }

    /// <summary>Whether the backward pass only brings the halves back, because no gradient came this far.</summary>
    public bool OnlyInverts { get; set; }

    /// <summary>The run of the step that is going on.</summary>
    public Execution Execution => _options.Execution with { IsFirst = !Repeats, Tape = this };

    /// <summary>The tape of a part of what runs: affine coupling has two functions.</summary>
    public Tape Part(string name)
    {
        if (!_parts.TryGetValue(name, out Tape? part))
        {
            part = new Tape(IsStored, _options, FunctionType);
            _parts[name] = part;
        }

        part.IsStored = IsStored;
        part.KeepsActivations = KeepsActivations;
        part.Repeats = Repeats;
        part.Retains = Retains;
        return part;
    }

    /// <summary>Ends the first run; the next one repeats it, and keeps its activations.</summary>
    public void BeginRepeat()
    {
        Repeats = true;
        KeepsActivations = true;
    }

    /// <summary>The same where the whole forward run is repeated: then the adjoint finds all activations.</summary>
    public void BeginRecomputation()
    {
        BeginRepeat();
        IsStored = true;
    }

    /// <summary>Ends what <see cref="BeginRecomputation"/> began.</summary>
    public void EndRecomputation()
    {
        IsStored = false;
        FreeActivations();
    }

    /// <summary>Ends the first run: inversions repeat it and keep nothing, for no adjoint follows.</summary>
    public void BeginInversion()
    {
        Repeats = true;
        KeepsActivations = false;
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

        if (Retains)
        {
            return activation.alias();
        }

        _activations.Remove(operation);
        return activation;
    }

    /// <summary>Behind an adjoint: frees what a repetition kept, or what no further backward pass reads.</summary>
    public void EndBackward()
    {
        if (!IsStored || !Retains)
        {
            FreeActivations();
        }
    }

    /// <summary>Frees the activations, and leaves the notes for another repetition.</summary>
    public void FreeActivations()
    {
        foreach (Tensor activation in _activations.Values)
        {
            activation.Dispose();
        }

        _activations.Clear();
        foreach (Tape part in _parts.Values)
        {
            part.FreeActivations();
        }
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
        foreach (Tape part in _parts.Values)
        {
            part.Dispose();
        }
    }

    private void Forget(object operation)
    {
        if (_activations.Remove(operation, out Tensor? earlier))
        {
            earlier.Dispose();
        }
    }
}
