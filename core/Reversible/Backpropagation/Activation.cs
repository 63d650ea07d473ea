using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <summary>
/// The owner of the one tensor that a chain of layers works on. Each layer replaces it, which frees the
/// layer's input at once; what autograd needs of it, autograd keeps.
/// </summary>
public sealed class Activation : IDisposable
{
    private Tensor? _value;

    /// <param name="value">Owned from here; null for a place that is filled later.</param>
    public Activation(Tensor? value)
    {
        _value = value;
    }

    /// <summary>The tensor.</summary>
    /// <exception cref="InvalidOperationException">It was released or cleared.</exception>
    public Tensor Value => _value ?? throw new InvalidOperationException("There is no tensor here any more: it was released or cleared.");

    /// <summary>Whether there is no tensor here.</summary>
    public bool IsEmpty => _value is null;

    /// <summary>Reads the tensor.</summary>
    public static implicit operator Tensor(Activation activation) => activation.Value;

    /// <summary>Frees the tensor and owns another.</summary>
    public void Replace(Tensor value)
    {
        if (!ReferenceEquals(value, _value))
        {
            _value?.Dispose();
            _value = value;
        }
    }

    /// <summary>Frees the tensor.</summary>
    public void Clear()
    {
        _value?.Dispose();
        _value = null;
    }

    /// <summary>Hands the tensor to the caller, who disposes it.</summary>
    public Tensor Release()
    {
        Tensor value = Value;
        _value = null;
        return value;
    }

    /// <summary>Hands the tensor to the caller if there is one.</summary>
    public Tensor? ReleaseOrNull()
    {
        Tensor? value = _value;
        _value = null;
        return value;
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();
}
