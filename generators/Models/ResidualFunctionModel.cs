using Iqt.Generators.Parsing;
using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Models;

/// <summary>A residual function, ready to be written out.</summary>
/// <param name="Declaration">As written.</param>
/// <param name="Dimensions">Spatial dimensions that it is written out for, 2 or 3.</param>
/// <param name="Groups">Its layers.</param>
internal sealed record ResidualFunctionModel(Declaration Declaration, int Dimensions, EquatableArray<LayersModel> Groups)
{
    public DeclaredClass Class => Declaration.Class;

    /// <summary>What a stack has to know of it.</summary>
    public FunctionShape Shape => new(Operations.All(operation => operation.IsForBothDimensions) ? FunctionShape.AnyDimensions : Dimensions, Multiple, Smallest);

    private IEnumerable<OperationModel> Operations => Groups.SelectMany(group => group.Operations);

    private long Multiple => Operations
        .SelectMany(operation => operation.Kind.Divisors(operation))
        .Where(rule => rule.Channels == Count.FunctionChannels && rule.Divisor.IsLiteral && rule.Divisor.Value > 0)
        .Aggregate(1L, (multiple, rule) => Math.Min(LeastCommonMultiple(multiple, rule.Divisor.Value!.Value), int.MaxValue));

    // Every layer keeps the size, so that each sees the same edge; they need only be asked where one begins to fit.
    private int Smallest => Operations.Select(operation => operation.Kind.Step(operation)?.OutputSize).OfType<Func<long, long>>()
        .Select(step => Enumerable.Range(1, NumberRule.LongestEdge).FirstOrDefault(size => step(size) > 0))
        .DefaultIfEmpty(1)
        .Max();

    private static long LeastCommonMultiple(long a, long b) => a / GreatestCommonDivisor(a, b) * b;

    private static long GreatestCommonDivisor(long a, long b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
