using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>A place for one activation that the forward pass keeps for the backward pass (the paper's A0, A1, A2).</summary>
public sealed class ActivationCache
{
    private Tensor? _activation;

    /// <summary>The activation.</summary>
    /// <exception cref="InvalidOperationException">It was not kept, or freed already.</exception>
    public Tensor Value => _activation ?? throw new InvalidOperationException("This activation is not kept in this backpropagation mode.");

    /// <summary>Keeps an activation; the cache owns it from here.</summary>
    public Tensor Keep(Tensor activation) => _activation = activation;

    /// <summary>Keeps what the caller goes on to own: a second handle to the same memory.</summary>
    public void KeepShared(Tensor activation) => _activation = activation.alias();

    /// <summary>Frees the activation unless it is to be read again.</summary>
    public void Free(bool retain = false)
    {
        if (!retain)
        {
            _activation?.Dispose();
            _activation = null;
        }
    }
}
