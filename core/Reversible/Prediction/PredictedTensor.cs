namespace Iqt.Reversible.Prediction;

/// <summary>A tensor's memory on paper: in use until the last handle is disposed.</summary>
/// <param name="timeline">Where it counts.</param>
/// <param name="bytes">Its size.</param>
internal sealed class PredictedTensor(MemoryTimeline timeline, long bytes) : IDisposable
{
    private int _handles = 1;

    /// <summary>Its size.</summary>
    public long Bytes => bytes;

    /// <summary>Another handle to the same memory.</summary>
    public PredictedTensor Alias()
    {
        _handles++;
        return this;
    }

    /// <summary>Gives up one handle.</summary>
    public void Dispose()
    {
        if (--_handles == 0)
        {
            timeline.Add(-bytes);
        }
    }
}
