namespace Iqt.Reversible;

/// <summary>A declared hyperparameter.</summary>
/// <param name="Name">The declared name, for example <c>Blocks</c>.</param>
/// <param name="Default">The value where none is given.</param>
/// <param name="Summary">The declaration's own words.</param>
public sealed record HyperparameterDeclaration(string Name, int Default, string Summary);
