using Iqt.Generators.Parsing;

namespace Iqt.Generators.Models;

/// <summary>A residual function, ready to be written out.</summary>
/// <param name="Declaration">As written.</param>
/// <param name="Dimensions">Spatial dimensions, 2 or 3.</param>
/// <param name="Groups">Its layers.</param>
internal sealed record ResidualFunctionModel(Declaration Declaration, int Dimensions, EquatableArray<LayersModel> Groups)
{
    public DeclaredClass Class => Declaration.Class;

    /// <summary>
    /// What a stack has to know of it: its dimensions (0 if it takes both), and what its channels have to be a multiple of.
    /// </summary>
    public (int Dimensions, int Multiple) Shape => (Dimensions, Groups
        .SelectMany(group => group.Operations)
        .SelectMany(operation => operation.Kind.Divisors(operation))
        .Where(rule => rule.Channels == Count.FunctionChannels && rule.Divisor.IsLiteral && rule.Divisor.Value > 0)
        .Aggregate(1, (multiple, rule) => LeastCommonMultiple(multiple, rule.Divisor.Value!.Value)));

    private static int LeastCommonMultiple(int a, int b) => a / GreatestCommonDivisor(a, b) * b;

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
