using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Vocabulary;

/// <summary>[ConvTranspose2d] and [ConvTranspose3d].</summary>
internal sealed class TransposedConvolutionKind(int dimensions) : LayerKind
{
    public override string Attribute => $"ConvTranspose{dimensions}d";

    public override int? Dimensions => dimensions;

    public override string ModuleName => "conv";

    public override bool LeavesOutputFree => true;

    public override Count Output(OperationModel layer) => layer.Declared.Find("channels") is { } wanted ? layer.Resolve(wanted) : layer.Home;

    public override SizeStep Step(OperationModel layer) => SizeStep.TransposedWindow(
        layer.Number("Kernel", 1), layer.Number("Stride", 1), layer.Number("Padding", 0), layer.Number("Dilation", 1), layer.Number("OutputPadding", 0));

    public override IEnumerable<NumberRule> Numbers(DeclaredOperation operation) =>
        [.. ConvolutionNumbers.Of(operation), .. NumberRule.Edge(operation, "OutputPadding", 0)];

    // libtorch: "output padding must be smaller than either stride or dilation".
    public override IEnumerable<LimitRule> Limits(OperationModel layer) =>
        layer.Number("Stride", 1).Value is > 0 and { } stride && layer.Number("Dilation", 1).Value is { } dilation && Math.Max(stride, dilation) - 1 is var most
            ? [new("OutputPadding", layer.Number("OutputPadding", 0), most, $"below the stride or the dilation, at most {most}")]
            : [];

    public override IEnumerable<DivisorRule> Divisors(OperationModel layer) => ConvolutionNumbers.Groups(layer);

    public override string ModuleType(OperationModel layer) => Attribute;

    public override string Construct(OperationModel layer)
    {
        string outputPadding = ConvolutionNumbers.Argument(layer, "OutputPadding", "output_padding", 0);
        return $"nn.{Attribute}({layer.Input.Code}, {Output(layer).Code}, {ConvolutionNumbers.Arguments(layer)}{outputPadding}, device: device, dtype: dtype)";
    }

    public override string Apply(OperationModel layer, string module, string x) => $"{module}.call({x})";

    public override AdjointForm Adjoint(OperationModel layer) => AdjointForm.Convolution;

    public override string Describe(OperationModel layer, Func<Count, string> show) =>
        $"{Attribute} {show(layer.Input)}→{show(Output(layer))} kernel {show(layer.Number("Kernel", 1))}{ConvolutionNumbers.Describe(layer, show)}";
}
