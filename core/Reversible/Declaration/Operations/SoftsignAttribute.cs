namespace Iqt.Reversible;

/// <summary>Softsign, x / (1 + |x|): like tanh, with tails that fall off slowly.</summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class SoftsignAttribute : Attribute;
