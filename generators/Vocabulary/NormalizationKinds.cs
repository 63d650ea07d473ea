using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Vocabulary;

/// <summary>[BatchNorm].</summary>
internal sealed class BatchNormKind : LayerKind
{
    public override string Attribute => "BatchNorm";

    public override string ModuleName => "norm";

    public override bool LeavesOutputFree => true;

    public override IEnumerable<NumberRule> Numbers(DeclaredOperation operation) =>
        [.. NumberRule.Range(operation, "Epsilon", 0, isOpen: true), .. NumberRule.Range(operation, "Momentum", 0)];

    public override string ModuleType(OperationModel layer) => $"BatchNorm{layer.Dimensions}d";

    public override string Construct(OperationModel layer) =>
        $"nn.BatchNorm{layer.Dimensions}d({layer.Input.Code}, eps: {Real(layer.Real("Epsilon", 1e-5))}, momentum: {Real(layer.Real("Momentum", 0.1))}, device: device, dtype: dtype)";

    public override string Apply(OperationModel layer, string module, string x) => $"BatchNormalization.Apply({module}, {x}, execution)";

    public override AdjointForm Adjoint(OperationModel layer) => AdjointForm.Normalization;
}

/// <summary>[InstanceNorm].</summary>
internal sealed class InstanceNormKind : LayerKind
{
    public override string Attribute => "InstanceNorm";

    public override string ModuleName => "norm";

    public override bool LeavesOutputFree => true;

    public override bool LeavesChannelsFirst(OperationModel layer) => true;

    // One voxel has no variance; libtorch refuses it.
    public override SizeStep Step(OperationModel layer) => SizeStep.AtLeast(2);

    public override IEnumerable<NumberRule> Numbers(DeclaredOperation operation) => NumberRule.Range(operation, "Epsilon", 0, isOpen: true);

    public override string ModuleType(OperationModel layer) => $"InstanceNorm{layer.Dimensions}d";

    public override string Construct(OperationModel layer) =>
        $"nn.InstanceNorm{layer.Dimensions}d({layer.Input.Code}, eps: {Real(layer.Real("Epsilon", 1e-5))}, affine: {(layer.Flag("Affine", true) ? "true" : "false")}, device: device, dtype: dtype)";

    public override string Apply(OperationModel layer, string module, string x) => $"{module}.call({x})";
}

/// <summary>[GroupNorm].</summary>
internal sealed class GroupNormKind : LayerKind
{
    public override string Attribute => "GroupNorm";

    public override string ModuleName => "norm";

    public override bool LeavesOutputFree => true;

    public override IEnumerable<NumberRule> Numbers(DeclaredOperation operation) =>
        [.. NumberRule.Whole(operation, "groups", 1), .. NumberRule.Range(operation, "Epsilon", 0, isOpen: true)];

    public override IEnumerable<DivisorRule> Divisors(OperationModel layer) =>
        [new("A group normalisation", layer.Input, layer.Number("groups", 1), "groups")];

    public override string ModuleType(OperationModel layer) => "GroupNorm";

    public override string Construct(OperationModel layer) =>
        $"GroupNormalization.Create({layer.Number("groups", 1).Code}, {layer.Input.Code}, {Real(layer.Real("Epsilon", 1e-5))}, device, dtype)";

    public override string Apply(OperationModel layer, string module, string x) => $"GroupNormalization.Apply({module}, {x})";

    public override string Describe(OperationModel layer, Func<Count, string> show) => $"GroupNorm {show(layer.Number("groups", 1))}";
}
