namespace Iqt.Training;

/// <summary>A prepared subject's <c>subject.json</c>: where its images come from and what was out of the ordinary.</summary>
/// <param name="Subject">The subject's name in its data set.</param>
/// <param name="Dwi">The series.</param>
/// <param name="Mask">The mask, or null if it was computed.</param>
/// <param name="BrainVoxels">HR voxels inside the mask.</param>
/// <param name="LowResolutionVoxels">LR voxels whose whole block is inside.</param>
/// <param name="Volumes">Volumes that were fitted.</param>
/// <param name="NonPositiveDefinite">HR voxels whose tensor has an eigenvalue of 0 or less.</param>
/// <param name="WithoutSignal">HR voxels without any positive signal; their tensors are zero.</param>
/// <param name="ClampedSignals">HR signals that were raised to the floor.</param>
/// <param name="Contents">What its files held; null where an older version prepared it.</param>
public sealed record SubjectDescription(
    string Subject,
    string Dwi,
    string? Mask,
    int BrainVoxels,
    int LowResolutionVoxels,
    int Volumes,
    int NonPositiveDefinite,
    int WithoutSignal,
    long ClampedSignals,
    SourceContents? Contents = null);
