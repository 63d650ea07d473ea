namespace Iqt.Reversible;

/// <summary>The Gaussian error linear unit, x·Φ(x).</summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class GeluAttribute : Attribute;
