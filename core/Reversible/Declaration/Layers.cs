namespace Iqt.Reversible;

/// <summary>
/// A named group of layers of a residual function. In a declaration, the type of the partial properties that
/// name the groups; at run time, the description of one.
/// </summary>
/// <param name="Name">The declared name, for example <c>Reduce</c>.</param>
/// <param name="Operations">What it does, for example <c>BatchNorm, ReLU, Conv3d kernel 1</c>.</param>
public sealed record Layers(string Name, string Operations);
