namespace Iqt.Training;

/// <summary>Which voxels of an HR patch the loss counts.</summary>
public enum LossRegion
{
    /// <summary>All, as in the paper.</summary>
    AllVoxels,

    /// <summary>Those of the brain.</summary>
    BrainVoxels,
}
