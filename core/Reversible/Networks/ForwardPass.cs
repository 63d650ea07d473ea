using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// A forward pass that can be followed by its backward pass. Owns the outputs and the cached activations: dispose it.
/// </summary>
public abstract class ForwardPass : IDisposable
{
    private readonly List<Tensor> _outputs = [];
    private bool _isSpent;
    private bool _isDisposed;

    /// <summary>The network's outputs, each [batch, channels, …]; owned by the pass.</summary>
    /// <exception cref="ObjectDisposedException">The pass was disposed.</exception>
    public IReadOnlyList<Tensor> Outputs
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _outputs;
        }
    }

    /// <summary>The output of a network that has one; owned by the pass.</summary>
    /// <exception cref="InvalidOperationException">The network has several.</exception>
    public Tensor Output => Outputs is [var only]
        ? only
        : throw new InvalidOperationException($"The network has {_outputs.Count} outputs. Use {nameof(Outputs)}.");

    /// <summary>Adds the gradients of the parameters to their <c>grad</c>, for a network with one output.</summary>
    /// <param name="outputGradient">∂L/∂output, of the output's shape; kept alive by the caller.</param>
    /// <param name="wantInputGradient">Whether ∂L/∂input of the network's first input is computed as well.</param>
    /// <param name="retainCaches">Whether the backward pass may be called again.</param>
    /// <returns>∂L/∂input, which the caller disposes, or null if it was not asked for.</returns>
    /// <exception cref="ArgumentException">The gradient does not have the output's shape or device.</exception>
    /// <exception cref="InvalidOperationException">The caches were given up by an earlier call, or the network's mode has changed since the forward pass.</exception>
    public Tensor? Backward(Tensor outputGradient, bool wantInputGradient = false, bool retainCaches = false)
    {
        IReadOnlyList<Tensor> gradients = Backward([outputGradient], wantInputGradient, retainCaches);
        foreach (Tensor other in gradients.Skip(1))
        {
            other.Dispose();
        }

        return gradients.Count > 0 ? gradients[0] : null;
    }

    /// <summary>Adds the gradients of the parameters to their <c>grad</c>.</summary>
    /// <param name="outputGradients">For each output ∂L/∂output, or null if the loss does not depend on it; kept alive by the caller.</param>
    /// <param name="wantInputGradients">Whether ∂L/∂input is computed as well.</param>
    /// <param name="retainCaches">Whether the backward pass may be called again.</param>
    /// <returns>∂L/∂input for each input, which the caller disposes; empty if it was not asked for.</returns>
    /// <exception cref="ArgumentException">Not one gradient for each output, all of them null, or one of another shape or device than its output.</exception>
    /// <exception cref="InvalidOperationException">The caches were given up by an earlier call, or the network's mode has changed since the forward pass.</exception>
    public IReadOnlyList<Tensor> Backward(IReadOnlyList<Tensor?> outputGradients, bool wantInputGradients = false, bool retainCaches = false)
    {
        CheckGradients(outputGradients);
        if (_isSpent)
        {
            throw new InvalidOperationException(
                "The cached activations were freed by an earlier backward pass. Pass retainCaches: true to the earlier calls.");
        }

        CheckBackward(retainCaches);
        _isSpent = true;
        try
        {
            IReadOnlyList<Tensor> gradients = BackwardOutputs(outputGradients, wantInputGradients, retainCaches);
            _isSpent = !retainCaches; // after an exception half of the caches may be gone
            return gradients;
        }
        finally
        {
            if (_isSpent)
            {
                FreeCaches();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Adds the next output; the pass owns it.</summary>
    protected void AddOutput(Tensor output) => _outputs.Add(output);

    /// <summary>Throws if the gradients can't be computed as things are; nothing has changed then.</summary>
    protected virtual void CheckBackward(bool retainCaches)
    {
    }

    /// <summary>Computes the gradients.</summary>
    protected abstract IReadOnlyList<Tensor> BackwardOutputs(IReadOnlyList<Tensor?> outputGradients, bool wantInputGradients, bool retainCaches);

    /// <summary>Disposes whatever the forward pass kept for the backward pass.</summary>
    protected abstract void FreeCaches();

    /// <summary>Frees the outputs and the caches.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            FreeCaches();
            _outputs.ForEach(output => output.Dispose());
        }
    }

    private void CheckGradients(IReadOnlyList<Tensor?> gradients)
    {
        if (gradients.Count != Outputs.Count)
        {
            throw new ArgumentException($"There are {gradients.Count} gradients for {Outputs.Count} outputs. Pass one for each, null where the loss does not depend on the output.", nameof(gradients));
        }

        if (gradients.All(gradient => gradient is null))
        {
            throw new ArgumentException("Every gradient is null: there is nothing to differentiate.", nameof(gradients));
        }

        foreach ((Tensor output, Tensor? gradient) in Outputs.Zip(gradients))
        {
            if (gradient is null)
            {
                continue;
            }

            if (!gradient.shape.AsSpan().SequenceEqual(output.shape))
            {
                throw new ArgumentException(
                    $"The gradient has shape [{string.Join(", ", gradient.shape)}], the output [{string.Join(", ", output.shape)}].",
                    nameof(gradients));
            }

            // libtorch's own message would come from within an adjoint.
            if ((gradient.device_type, gradient.device_index) != (output.device_type, output.device_index))
            {
                throw new ArgumentException($"The gradient is on {gradient.device}, the output on {output.device}. Move the gradient there.", nameof(gradients));
            }
        }
    }
}
