namespace Iqt.Reversible;

/// <summary>
/// How a network's output edge follows from the input's, for the sizes that fit: output = <paramref name="Rate"/> · input −
/// <paramref name="Loss"/>, in voxels.
/// </summary>
public readonly record struct SpatialRelation(int Rate, int Loss)
{
    /// <summary>The shortest edge that fits.</summary>
    public long SmallestInput { get; init; } = Loss / Rate + 1;

    /// <summary>Edges that fit are this far apart.</summary>
    public long Interval { get; init; } = 1;

    /// <summary>Edge of the output of an input that fits.</summary>
    public long OutputSize(long inputSize) => Rate * inputSize - Loss;

    /// <summary>The shortest edge of at least so many voxels that fits.</summary>
    public long InputSize(long atLeast)
    {
        long beyond = Math.Max(atLeast - SmallestInput, 0);
        return SmallestInput + (beyond + Interval - 1) / Interval * Interval;
    }

    /// <summary>Whether an input with such an edge fits.</summary>
    public bool Fits(long inputSize) => inputSize >= SmallestInput && (inputSize - SmallestInput) % Interval == 0;
}
