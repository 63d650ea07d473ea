namespace Iqt.Reversible.Prediction;

/// <summary>Bytes in use while a step is gone through on paper, and the most there were.</summary>
internal sealed class MemoryTimeline
{
    private long _live;

    /// <summary>The most bytes that were in use at once.</summary>
    public long Peak { get; private set; }

    /// <summary>A new tensor.</summary>
    public PredictedTensor Allocate(long bytes)
    {
        Add(bytes);
        return new PredictedTensor(this, bytes);
    }

    /// <summary>Tensors that an operation makes and frees.</summary>
    public void Pass(long bytes)
    {
        Add(bytes);
        Add(-bytes);
    }

    internal void Add(long bytes)
    {
        _live += bytes;
        Peak = Math.Max(Peak, _live);
    }
}
