namespace Iqt.Reversible;

/// <summary>Mish, x · tanh(ln(1 + eˣ)) (Misra 2020): like SiLU, a little steeper.</summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class MishAttribute : Attribute;
