namespace Iqt.Training;

/// <summary>
/// Root mean squared errors over the six tensor elements in 1e-5 mm²/s; NaN where the region has no voxels.
/// </summary>
/// <param name="Subject">For example <c>sub-01</c>.</param>
/// <param name="Interior">Over voxels whose LR patch is wholly inside the brain.</param>
/// <param name="Exterior">Over the other brain voxels.</param>
/// <param name="Total">Over both, pooled.</param>
public sealed record SubjectError(string Subject, double Interior, double Exterior, double Total);
