namespace Iqt.Reversible;

/// <summary>
/// Space to depth, the invertible downsampling of i-RevNets (Jacobsen et al. 2018): the r³ voxels of a block (r² in 2D)
/// become channels. Ordered by voxel first, so that the two halves of a stack hold different voxels.
/// </summary>
/// <param name="rate">Edge r of the block, at least 2.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class SqueezeAttribute(int rate = 2) : Attribute
{
    /// <summary>Edge of the block.</summary>
    public int Rate { get; } = rate;
}
