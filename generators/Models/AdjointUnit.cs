using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Models;

/// <summary>One or two operations of a chain whose adjoint is written out together.</summary>
/// <param name="Form">How it is differentiated.</param>
/// <param name="Member">The member that declares it.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Slope">Of the rectifier that a normalisation is followed by, or that it is itself; null without one.</param>
/// <param name="Name">What generated code calls its output.</param>
internal sealed record AdjointUnit(AdjointForm Form, LayersModel Member, OperationModel Operation, double? Slope, string Name)
{
    /// <summary>Whether its adjoint reads what it was applied to.</summary>
    public bool NeedsInput => Form is AdjointForm.Convolution or AdjointForm.Normalization or AdjointForm.Graph;

    /// <summary>Whether its adjoint reads what came out.</summary>
    public bool NeedsOutput => Form is AdjointForm.Normalization or AdjointForm.Rectifier;

    /// <summary>Whether its output is computed again rather than kept: a normalisation costs one pass over its input.</summary>
    public bool IsRepeated => Form == AdjointForm.Normalization;

    public bool HasParameters => Operation.Kind.ModuleName is not (null or "dropout");
}
