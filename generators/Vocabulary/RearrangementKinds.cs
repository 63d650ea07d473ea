using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Vocabulary;

/// <summary>[VoxelShuffle], [Squeeze] and their inverses.</summary>
/// <param name="attribute">The attribute's name.</param>
/// <param name="type">The class of core/Reversible that does it.</param>
/// <param name="isForward">Whether that class calls it Apply or Invert.</param>
/// <param name="enlarges">Whether channels become voxels.</param>
internal sealed class BlockKind(string attribute, string type, bool isForward, bool enlarges) : LayerKind
{
    public override string Attribute => attribute;

    public override bool IsRearrangement => true;

    public override Count Output(OperationModel layer) =>
        enlarges ? layer.Input.DividedBy(layer.BlockVolume(Rate(layer))) : layer.Input.Times(layer.BlockVolume(Rate(layer)));

    public override SizeStep Step(OperationModel layer) => enlarges ? SizeStep.Enlargement(Rate(layer)) : SizeStep.Reduction(Rate(layer));

    public override IEnumerable<NumberRule> Numbers(DeclaredOperation operation) => NumberRule.Edge(operation, "rate", 2);

    public override IEnumerable<DivisorRule> Divisors(OperationModel layer) => enlarges
        ? [new($"{(attribute == "VoxelShuffle" ? "A voxel shuffle" : "An unsqueeze")} by {Rate(layer)}", layer.Input, Count.Literal(layer.BlockVolume(Rate(layer))))]
        : [];

    public override string Apply(OperationModel layer, string module, string x) => $"{type}.{(isForward ? "Apply" : "Invert")}({x}, {Rate(layer)})";

    public override string Invert(OperationModel layer, string x) => $"{type}.{(isForward ? "Invert" : "Apply")}({x}, {Rate(layer)})";

    public override string Describe(OperationModel layer, Func<Count, string> show) => $"{attribute} {Rate(layer)}";

    // A rate that no rule lets pass must not overflow either.
    private static int Rate(OperationModel layer) => Math.Min(Math.Max(layer.Integer("rate", 2), 1), NumberRule.LongestEdge);
}

/// <summary>[HaarDownsample] and [HaarUpsample].</summary>
internal sealed class HaarKind(string attribute, bool isForward) : LayerKind
{
    public override string Attribute => attribute;

    public override bool IsRearrangement => true;

    public override Count Output(OperationModel layer) => isForward ? layer.Input.Times(layer.BlockVolume(2)) : layer.Input.DividedBy(layer.BlockVolume(2));

    public override SizeStep Step(OperationModel layer) => isForward ? SizeStep.Reduction(2) : SizeStep.Enlargement(2);

    public override IEnumerable<DivisorRule> Divisors(OperationModel layer) =>
        isForward ? [] : [new("An inverse Haar transform", layer.Input, Count.Literal(layer.BlockVolume(2)))];

    public override string Apply(OperationModel layer, string module, string x) => $"HaarTransform.{(isForward ? "Apply" : "Invert")}({x})";

    public override string Invert(OperationModel layer, string x) => $"HaarTransform.{(isForward ? "Invert" : "Apply")}({x})";
}

/// <summary>[PermuteChannels].</summary>
internal sealed class PermuteChannelsKind : LayerKind
{
    public override string Attribute => "PermuteChannels";

    public override bool IsRearrangement => true;

    public override IEnumerable<NumberRule> Numbers(DeclaredOperation operation) => NumberRule.OneOf(operation, "order", ChannelOrders.All);

    public override IEnumerable<DivisorRule> Divisors(OperationModel layer) =>
        Order(layer) == "Interleaved" ? [new("Interleaving", layer.Input, Count.Literal(2))] : [];

    public override string Apply(OperationModel layer, string module, string x) => $"ChannelPermutation.Apply({x}, ChannelOrder.{Order(layer)})";

    public override string Invert(OperationModel layer, string x) => $"ChannelPermutation.Invert({x}, ChannelOrder.{Order(layer)})";

    public override string Describe(OperationModel layer, Func<Count, string> show) => $"channels {Order(layer).ToLowerInvariant()}";

    private static string Order(OperationModel layer) => ChannelOrders.Name(layer.Integer("order", 0)) ?? "Same";
}
