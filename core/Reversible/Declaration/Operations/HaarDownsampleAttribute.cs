namespace Iqt.Reversible;

/// <summary>
/// The orthonormal Haar wavelet transform: blocks of 2³ voxels (2² in 2D) become 8 (4) times as many channels, the means
/// first, then the differences along the axes.
/// </summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class HaarDownsampleAttribute : Attribute;
