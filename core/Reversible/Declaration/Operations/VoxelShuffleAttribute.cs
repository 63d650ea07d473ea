namespace Iqt.Reversible;

/// <summary>
/// Moves r³·C channels of a low-resolution voxel to C channels of its r³ high-resolution voxels (paper,
/// section 2: H×W×D×r³C → rH×rW×rD×C); r² in 2D.
/// </summary>
/// <param name="rate">The upsampling rate r, at least 2.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class VoxelShuffleAttribute(int rate) : Attribute
{
    /// <summary>The upsampling rate r.</summary>
    public int Rate { get; } = rate;
}
