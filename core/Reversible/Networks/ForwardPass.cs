using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// A forward pass that can be followed by its backward pass. Owns the output and the cached activations:
/// dispose it.
/// </summary>
public abstract class ForwardPass : IDisposable
{
    private Tensor? _output;
    private bool _spent;

    /// <summary>[batch, output channels, …]; owned by the pass.</summary>
    /// <exception cref="ObjectDisposedException">The pass was disposed.</exception>
    public Tensor Output => _output ?? throw new ObjectDisposedException(GetType().Name);

    /// <summary>Adds the gradients of the parameters to their <c>grad</c>.</summary>
    /// <param name="outputGradient">∂L/∂output, of the output's shape; kept alive by the caller.</param>
    /// <param name="wantInputGradient">Whether ∂L/∂input is computed as well.</param>
    /// <param name="retainCaches">Whether the backward pass may be called again.</param>
    /// <returns>∂L/∂input, which the caller disposes, or null if it was not asked for.</returns>
    /// <exception cref="InvalidOperationException">The caches were given up by an earlier call.</exception>
    public Tensor? Backward(Tensor outputGradient, bool wantInputGradient = false, bool retainCaches = false)
    {
        Tensor output = Output;
        if (_spent)
        {
            throw new InvalidOperationException(
                "The cached activations were freed by an earlier backward pass. Pass retainCaches: true to the earlier calls.");
        }

        if (!outputGradient.shape.AsSpan().SequenceEqual(output.shape))
        {
            throw new ArgumentException(
                $"The gradient has shape [{string.Join(", ", outputGradient.shape)}], the output [{string.Join(", ", output.shape)}].",
                nameof(outputGradient));
        }

        _spent = !retainCaches;
        try
        {
            return BackwardSegments(outputGradient, wantInputGradient, retainCaches);
        }
        finally
        {
            if (_spent)
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

    /// <summary>Sets the output once, when the forward pass is done.</summary>
    protected void Complete(Tensor output) => _output = output;

    /// <summary>Computes the gradients, from the last segment to the first.</summary>
    protected abstract Tensor? BackwardSegments(Tensor outputGradient, bool wantInputGradient, bool retainCaches);

    /// <summary>Disposes whatever the forward pass kept for the backward pass.</summary>
    protected abstract void FreeCaches();

    /// <summary>Frees the output and the caches.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            FreeCaches();
            _output?.Dispose();
            _output = null;
        }
    }
}
