namespace Iqt.Reversible;

/// <summary>The logistic function.</summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class SigmoidAttribute : Attribute;
