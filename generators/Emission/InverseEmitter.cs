using Iqt.Generators.Models;

namespace Iqt.Generators.Emission;

/// <summary>Writes the inversion of each stack and rearrangement, and of the network where everything can be inverted.</summary>
internal static class InverseEmitter
{
    public static bool HasInverse(NetworkModel network) => network.Segments.Any(IsInvertible);

    public static string Emit(NetworkModel network)
    {
        CodeWriter code = GeneratedFile.Begin(network.Class, "inversion", "", "System", "Iqt.Reversible", "Iqt.Reversible.Adjoints", "TorchSharp", "static TorchSharp.torch");
        List<SegmentModel> segments = [.. network.Segments.Where(IsInvertible)];
        foreach (SegmentModel segment in segments)
        {
            if (segment is StackModel stack)
            {
                StackEmitter.Inverse(code, stack);
            }
            else
            {
                var layers = (LayersModel)segment;
                code.Line($"// {layers.Name} inverted{(layers.Operations.Count > 1 ? ", last first" : "")}: {LayerEmitter.Describe(layers)}");
                code.Open($"private Tensor Invert{layers.Name}(Tensor output)");
                LayerEmitter.Invert(code, layers);
                code.Close();
            }

            code.Line();
        }

        Whole(code, network);
        Switch(code, segments, "RunSegment", "input", "Forward", isFirst: true);
        code.Line();
        Switch(code, segments, "InvertSegment", "output", "Invert", isFirst: false);
        return GeneratedFile.End(code, network.Class);
    }

    private static bool IsInvertible(SegmentModel segment) => segment is StackModel or LayersModel { IsRearrangement: true };

    private static void Whole(CodeWriter code, NetworkModel network)
    {
        bool isChain = network.Inputs.Count == 1
            && network.Segments.All(IsInvertible)
            && network.Segments.Select((segment, i) => segment.Sources.Count == 1 && segment.Sources[0] == (i == 0 ? network.Inputs[0].Name : network.Segments[i - 1].Name)).All(follows => follows)
            && network.Segments.Count(segment => segment.IsOutput) == 1;
        if (!isChain)
        {
            return;
        }

        code.Line("/// <inheritdoc/>");
        code.Line("public override bool IsInvertible => true;");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Open("public override Tensor Inverse(Tensor output)");
        code.Line("using var x = new Activation(output.alias());");
        foreach (SegmentModel segment in network.Segments.Reverse())
        {
            code.Line($"x.Replace(InvertSegment({Naming.Literal(segment.Name)}, x));");
        }

        code.Line("return x.Release();");
        code.Close();
        code.Line();
    }

    private static void Switch(CodeWriter code, List<SegmentModel> segments, string method, string parameter, string verb, bool isFirst)
    {
        code.Line("/// <inheritdoc/>");
        code.Line($"public override Tensor {method}(string name, Tensor {parameter}) => name switch");
        code.Line("{");
        foreach (SegmentModel segment in segments)
        {
            code.Line(segment is StackModel
                ? $"    {Naming.Literal(segment.Name)} => OnHalves({verb}{segment.Name}, {Naming.Field(segment.Name)}.Count, {parameter}, repeats: {(isFirst ? "false" : "true")}),"
                : $"    {Naming.Literal(segment.Name)} => WithoutGraph({verb}{segment.Name}, {parameter}),");
        }

        code.Line($"    _ => base.{method}(name, {parameter}),");
        code.Line("};");
    }
}
