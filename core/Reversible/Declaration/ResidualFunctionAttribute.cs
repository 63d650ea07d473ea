namespace Iqt.Reversible;

/// <summary>
/// Declares a residual function (F or G of a RevNet block, the paper's F1 and F2): the class's partial
/// properties of type <see cref="Layers"/>, in the order of the source, are applied one after the other.
/// It must keep the number of channels and the size.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ResidualFunctionAttribute : Attribute;
