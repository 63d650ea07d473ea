using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Vocabulary;

/// <summary>[MaxPool] and [AvgPool].</summary>
internal sealed class PoolingKind(string attribute, string function, GraphMemory memory = default) : LayerKind
{
    public override string Attribute => attribute;

    public override GraphMemory Memory => memory;

    public override bool LeavesChannelsFirst(OperationModel layer) => attribute == "AvgPool" && layer.Dimensions == 3;

    // avg_pool3d of libtorch refuses images shorter than its window, padding or not; the others don't.
    public override SizeStep Step(OperationModel layer) => attribute == "AvgPool" && layer.Dimensions == 3
        ? SizeStep.WholeWindow(Kernel(layer), Stride(layer), layer.Number("Padding", 0))
        : SizeStep.Window(Kernel(layer), Stride(layer), layer.Number("Padding", 0), Count.Literal(1));

    public override string Window(OperationModel layer) => Kernel(layer).Code;

    public override IEnumerable<NumberRule> Numbers(DeclaredOperation operation) =>
        [.. NumberRule.Edge(operation, "kernel", 1), .. NumberRule.Edge(operation, "Stride", 0), .. NumberRule.Edge(operation, "Padding", 0)];

    // libtorch: "pad should be at most half of effective kernel size".
    public override IEnumerable<LimitRule> Limits(OperationModel layer) =>
        Kernel(layer).Value is > 0 and { } kernel && kernel / 2 is var half
            ? [new("Padding", layer.Number("Padding", 0), half, $"at most half of the kernel, {half}")]
            : [];

    public override string Apply(OperationModel layer, string module, string x) =>
        $"nn.functional.{function}{layer.Dimensions}d({x}, [{Kernel(layer).Code}], [{Stride(layer).Code}], [{layer.Number("Padding", 0).Code}])";

    public override string Describe(OperationModel layer, Func<Count, string> show) => $"{attribute} {show(Kernel(layer))}";

    private static Count Kernel(OperationModel layer) => layer.Number("kernel", 1);

    private static Count Stride(OperationModel layer) => layer.Integer("Stride", 0) == 0 ? Kernel(layer) : layer.Number("Stride", 1);
}

/// <summary>[GlobalAvgPool].</summary>
internal sealed class GlobalAvgPoolKind : LayerKind
{
    public override string Attribute => "GlobalAvgPool";

    public override SizeStep Step(OperationModel layer) => SizeStep.Collapse;

    public override string Apply(OperationModel layer, string module, string x) =>
        $"{x}.mean([{(layer.Dimensions == 2 ? "2, 3" : "2, 3, 4")}], keepdim: true)";
}

/// <summary>[Upsample].</summary>
internal sealed class UpsampleKind : LayerKind
{
    public override string Attribute => "Upsample";

    public override SizeStep Step(OperationModel layer) => SizeStep.Enlargement(Rate(layer));

    // Between the own voxel and the next one to either side.
    public override string Window(OperationModel layer) => Mode(layer) == "Nearest" ? "1" : "3";

    public override IEnumerable<NumberRule> Numbers(DeclaredOperation operation) =>
        [.. NumberRule.Edge(operation, "rate", 2), .. NumberRule.OneOf(operation, "Mode", "Nearest", "Linear")];

    public override string Apply(OperationModel layer, string module, string x) =>
        $"nn.functional.interpolate({x}, scale_factor: [{string.Join(", ", Enumerable.Repeat(Rate(layer), layer.Dimensions))}], mode: InterpolationMode.{Mode(layer)}{(Mode(layer) == "Nearest" ? "" : ", align_corners: false")})";

    public override string Describe(OperationModel layer, Func<Count, string> show) => $"Upsample {Rate(layer)} {Mode(layer).ToLowerInvariant()}";

    private static string Mode(OperationModel layer) =>
        layer.Integer("Mode", 0) == 0 ? "Nearest" : layer.Dimensions == 2 ? "Bilinear" : "Trilinear";

    private static int Rate(OperationModel layer) => Math.Max(layer.Integer("rate", 2), 1);
}
