namespace Iqt.Reversible.Prediction;

/// <summary>What a <see cref="Adjoints.Tape"/> keeps, on paper: activations by their number, the chain's input being 0.</summary>
/// <param name="isStored">Whether the first run keeps what the adjoint reads.</param>
internal sealed class PredictedTape(bool isStored)
{
    private readonly Dictionary<int, PredictedTensor> _kept = [];

    /// <summary>Whether the adjoint finds the activations of the forward run.</summary>
    public bool IsStored { get; private set; } = isStored;

    /// <summary>Whether a run keeps its activations.</summary>
    public bool Keeps { get; private set; } = isStored;

    /// <summary>The next run repeats the first and keeps its activations.</summary>
    public void BeginRepeat() => Keeps = true;

    /// <summary>The same where the whole forward run is repeated.</summary>
    public void BeginRecomputation() => (Keeps, IsStored) = (true, true);

    /// <summary>Keeps an activation if activations are kept.</summary>
    public void Keep(int activation, PredictedTensor tensor)
    {
        if (Keeps)
        {
            _kept.Add(activation, tensor.Alias());
        }
    }

    /// <summary>Hands an activation over.</summary>
    public PredictedTensor Take(int activation)
    {
        _kept.Remove(activation, out PredictedTensor? tensor);
        return tensor!;
    }

    /// <summary>Frees what is left.</summary>
    public void Free()
    {
        foreach (PredictedTensor tensor in _kept.Values)
        {
            tensor.Dispose();
        }

        _kept.Clear();
    }
}
