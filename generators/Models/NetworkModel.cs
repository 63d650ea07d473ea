using Iqt.Generators.Parsing;

namespace Iqt.Generators.Models;

/// <summary>A network, ready to be written out.</summary>
internal sealed record NetworkModel(
    Declaration Declaration,
    EquatableArray<HyperparameterModel> Hyperparameters,
    EquatableArray<InputModel> Inputs,
    EquatableArray<SegmentModel> Segments)
{
    public DeclaredClass Class => Declaration.Class;

    public string Name => Declaration.Name;

    public int Dimensions => Declaration.Dimensions;
}

/// <param name="Member">Its property; null for the input that [Network] declares.</param>
internal sealed record InputModel(string Name, Count Channels, DeclaredMember? Member);

/// <param name="Minimum">The least value that every use of it allows.</param>
internal sealed record HyperparameterModel(DeclaredProperty Property, int Default, int Minimum);
