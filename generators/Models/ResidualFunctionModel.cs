using Iqt.Generators.Parsing;

namespace Iqt.Generators.Models;

/// <summary>A residual function, ready to be written out.</summary>
internal sealed record ResidualFunctionModel(DeclaredClass Class, EquatableArray<LayersModel> Groups);
