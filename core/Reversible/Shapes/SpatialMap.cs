namespace Iqt.Reversible;

/// <summary>How a chain of layers changes the length of an edge.</summary>
/// <param name="steps">In the order in which they run; none is the identity.</param>
public sealed class SpatialMap(params SpatialStep[] steps)
{
    /// <summary>Keeps every size.</summary>
    public static SpatialMap Identity { get; } = new();

    /// <summary>In the order in which they run.</summary>
    public IReadOnlyList<SpatialStep> Steps { get; } = steps;

    /// <summary>The output's edge, or 0 if the input's does not fit.</summary>
    public long OutputSize(long size) => Steps.Aggregate(size, (now, step) => now == 0 ? 0 : step.OutputSize(now));
}
