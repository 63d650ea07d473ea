using Iqt.Generators.Parsing;

namespace Iqt.Generators.Models;

/// <summary>A network, ready to be written out.</summary>
internal sealed record NetworkModel(
    DeclaredClass Class,
    string Name,
    EquatableArray<HyperparameterModel> Hyperparameters,
    EquatableArray<SegmentModel> Segments);

/// <param name="Minimum">The least value that every use of it allows.</param>
internal sealed record HyperparameterModel(DeclaredProperty Property, int Default, int Minimum);
