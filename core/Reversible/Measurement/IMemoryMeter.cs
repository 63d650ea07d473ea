namespace Iqt.Reversible.Measurement;

/// <summary>Live and peak bytes of one kind of memory. One interface for the host's and a device's.</summary>
public interface IMemoryMeter
{
    /// <summary>What is counted, for the header of a table.</summary>
    string Counts { get; }

    /// <summary>Bytes in use now; only differences mean something.</summary>
    long LiveBytes { get; }

    /// <summary>The largest <see cref="LiveBytes"/> since <see cref="ResetPeak"/>.</summary>
    long PeakBytes { get; }

    /// <summary>Starts a new peak from what is in use now.</summary>
    void ResetPeak();
}
