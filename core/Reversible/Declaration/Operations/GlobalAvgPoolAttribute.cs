namespace Iqt.Reversible;

/// <summary>The mean of each channel over all voxels: edges of 1 voxel come out.</summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class GlobalAvgPoolAttribute : Attribute;
