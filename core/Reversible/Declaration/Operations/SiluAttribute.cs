namespace Iqt.Reversible;

/// <summary>The sigmoid linear unit (swish), x·σ(x).</summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class SiluAttribute : Attribute;
