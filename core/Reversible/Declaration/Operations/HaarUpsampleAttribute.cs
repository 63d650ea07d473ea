namespace Iqt.Reversible;

/// <summary>The inverse of <see cref="HaarDownsampleAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class HaarUpsampleAttribute : Attribute;
