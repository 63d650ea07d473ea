using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Vocabulary;

/// <summary>The numbers that all convolutions have.</summary>
internal static class ConvolutionNumbers
{
    private static readonly (string Argument, string Parameter, int Default, int Minimum)[] All =
    [
        ("Stride", "stride", 1, 1), ("Padding", "padding", 0, 0), ("Dilation", "dilation", 1, 1), ("Groups", "groups", 1, 1),
    ];

    public static IEnumerable<NumberRule> Of(DeclaredOperation operation) =>
    [
        .. NumberRule.Whole(operation, "channels", 1),
        .. NumberRule.Edge(operation, "Kernel", 1),
        .. All.SelectMany(number => NumberRule.Edge(operation, number.Argument, number.Minimum)),
    ];

    public static IEnumerable<DivisorRule> Groups(OperationModel layer)
    {
        Count groups = layer.Number("Groups", 1);
        return groups == Count.Literal(1)
            ? []
            : [new("A convolution in groups", layer.Input, groups, "Groups"), new("A convolution in groups", layer.Output, groups, "Groups")];
    }

    /// <summary>Behind the channels, in a call of nn.Conv3d and its kin.</summary>
    public static string Arguments(OperationModel layer)
    {
        string bias = layer.Flag("Bias", true) ? "" : ", bias: false";
        return $"kernel_size: {Long(layer.Number("Kernel", 1))}{string.Concat(All.Select(n => Argument(layer, n.Argument, n.Parameter, n.Default)))}{bias}";
    }

    /// <summary>An argument, left out where it has its default.</summary>
    public static string Argument(OperationModel layer, string argument, string parameter, int otherwise)
    {
        Count value = layer.Number(argument, otherwise);
        return value == Count.Literal(otherwise) ? "" : $", {parameter}: {Long(value)}";
    }

    /// <summary>Of a ConvolutionAdjoint: the module and how it convolves.</summary>
    public static string AdjointArguments(OperationModel layer, string module)
    {
        string kind = layer.Kind is TransposedConvolutionKind ? $", transposed: true{Argument(layer, "OutputPadding", "outputPadding", 0)}" : "";
        return $"{module}, dimensions: {layer.Dimensions}, kernel: {Long(layer.Number("Kernel", 1))}{string.Concat(All.Select(n => Argument(layer, n.Argument, n.Parameter, n.Default)))}{kind}";
    }

    public static string Describe(OperationModel layer, Func<Count, string> show)
    {
        IEnumerable<string> numbers = All.Select(number =>
            layer.Number(number.Argument, number.Default) is var value && value == Count.Literal(number.Default) ? "" : $" {number.Parameter} {show(value)}");
        return string.Concat(numbers) + (layer.Flag("Bias", true) ? "" : " without bias");
    }

    // Typed, so that the overload with one edge length is meant.
    private static string Long(Count count) => count.IsLiteral ? count.Code + "L" : $"(long){count.Code}";
}
