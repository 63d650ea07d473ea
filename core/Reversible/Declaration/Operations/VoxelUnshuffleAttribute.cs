namespace Iqt.Reversible;

/// <summary>The inverse of <see cref="VoxelShuffleAttribute"/>: C channels of r³ voxels become r³·C channels of one (r² in 2D).</summary>
/// <param name="rate">The downsampling rate r, at least 2.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class VoxelUnshuffleAttribute(int rate) : Attribute
{
    /// <summary>The downsampling rate r.</summary>
    public int Rate { get; } = rate;
}
