using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Vocabulary;

/// <summary>[Conv2d] and [Conv3d].</summary>
internal sealed class ConvolutionKind(int dimensions) : LayerKind
{
    private static readonly string[] Modes = ["Zeros", "Reflect", "Replicate"];

    public override string Attribute => $"Conv{dimensions}d";

    public override int? Dimensions => dimensions;

    public override string ModuleName => "conv";

    public override bool LeavesOutputFree => true;

    public override Count Output(OperationModel layer) => layer.Declared.Find("channels") is { } wanted ? layer.Resolve(wanted) : layer.Home;

    public override SizeStep Step(OperationModel layer) =>
        SizeStep.Window(layer.Number("Kernel", 1), layer.Number("Stride", 1), layer.Number("Padding", 0), layer.Number("Dilation", 1), Mode(layer) == "Reflect");

    public override string Window(OperationModel layer)
    {
        Count kernel = layer.Number("Kernel", 1), dilation = layer.Number("Dilation", 1);
        return dilation == Count.Literal(1) ? kernel.Code : $"{dilation.Code} * ({kernel.Code} - 1) + 1";
    }

    public override IEnumerable<NumberRule> Numbers(DeclaredOperation operation) =>
        [.. ConvolutionNumbers.Of(operation), .. NumberRule.OneOf(operation, "PaddingMode", Modes)];

    public override IEnumerable<DivisorRule> Divisors(OperationModel layer) => ConvolutionNumbers.Groups(layer);

    public override string ModuleType(OperationModel layer) => Attribute;

    public override string Construct(OperationModel layer)
    {
        string mode = Mode(layer) == "Zeros" ? "" : $", padding_mode: PaddingModes.{Mode(layer)}";
        return $"nn.{Attribute}({layer.Input.Code}, {Output(layer).Code}, {ConvolutionNumbers.Arguments(layer)}{mode}, device: device, dtype: dtype)";
    }

    public override string Apply(OperationModel layer, string module, string x) => $"{module}.call({x})";

    // Mirrored or repeated padding is a layer before the convolution, and autograd's to differentiate.
    public override AdjointForm Adjoint(OperationModel layer) => Mode(layer) == "Zeros" ? AdjointForm.Convolution : AdjointForm.Graph;

    public override string Describe(OperationModel layer, Func<Count, string> show) =>
        $"{Attribute} {show(layer.Input)}→{show(Output(layer))} kernel {show(layer.Number("Kernel", 1))}{ConvolutionNumbers.Describe(layer, show)}{(Mode(layer) == "Zeros" ? "" : $" padded by {Mode(layer).ToLowerInvariant()}")}";

    private static string Mode(OperationModel layer) => Modes[Math.Min(Math.Max(layer.Integer("PaddingMode", 0), 0), Modes.Length - 1)];
}
