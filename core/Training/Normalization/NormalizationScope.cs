namespace Iqt.Training;

/// <summary>What has a mean and a variance of its own.</summary>
public enum NormalizationScope
{
    /// <summary>
    /// Every position in the patch and channel (the paper's "pixel-and-channel-wise"); statistics over all training
    /// patches. Ties the network to the patch size: prediction only by the training tile.
    /// </summary>
    PerVoxel,

    /// <summary>Every channel; statistics over the brain voxels of all training patches.</summary>
    PerChannel,
}
