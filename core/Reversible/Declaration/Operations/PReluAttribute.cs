namespace Iqt.Reversible;

/// <summary>The parametric rectified linear unit (He et al. 2015): a learned slope of the negative side per channel.</summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class PReluAttribute : Attribute;
