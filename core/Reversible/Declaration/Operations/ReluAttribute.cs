namespace Iqt.Reversible;

/// <summary>The rectified linear unit, max(x, 0).</summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class ReluAttribute : Attribute;
