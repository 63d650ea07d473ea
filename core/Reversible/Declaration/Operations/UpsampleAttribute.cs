namespace Iqt.Reversible;

/// <summary>Interpolation to a multiple of the size.</summary>
/// <param name="rate">Output voxels per input voxel along each axis, at least 2.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class UpsampleAttribute(int rate) : Attribute
{
    /// <summary>Output voxels per input voxel along each axis.</summary>
    public int Rate { get; } = rate;

    /// <summary>How values between voxels are found.</summary>
    public Resampling Mode { get; set; }
}
