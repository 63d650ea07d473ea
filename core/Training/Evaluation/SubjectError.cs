namespace Iqt.Training;

/// <summary>The errors of one prediction; NaN where a region has no voxels.</summary>
/// <param name="Subject">For example <c>sub-01</c>.</param>
/// <param name="Interior">Root mean squared error over the six tensor elements in 1e-5 mm²/s, over voxels whose LR patch is wholly inside the brain.</param>
/// <param name="Exterior">The same over the other brain voxels.</param>
/// <param name="Total">The same over both, pooled.</param>
/// <param name="MeanDiffusivity">RMSE of MD over the brain in 1e-5 mm²/s.</param>
/// <param name="FractionalAnisotropy">RMSE of FA over the brain.</param>
/// <param name="PeakSignalToNoise">Of the six elements over the brain in dB; the peak is <see cref="Evaluation.Range"/>.</param>
/// <param name="StructuralSimilarity">Of MD, mean over brain voxels; the range is <see cref="Evaluation.Range"/>.</param>
/// <param name="InteriorVoxels">HR voxels of the interior.</param>
/// <param name="BrainVoxels">HR voxels of the brain.</param>
/// <param name="Covered">As <paramref name="Total"/>, over voxels whose own LR voxel is in the LR mask; NaN in results that were written before there was this figure.</param>
/// <param name="CoveredVoxels">HR voxels of these.</param>
public sealed record SubjectError(
    string Subject,
    double Interior,
    double Exterior,
    double Total,
    double MeanDiffusivity,
    double FractionalAnisotropy,
    double PeakSignalToNoise,
    double StructuralSimilarity,
    int InteriorVoxels,
    int BrainVoxels,
    double Covered = double.NaN,
    int CoveredVoxels = 0);
