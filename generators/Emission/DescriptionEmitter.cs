using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Emission;

/// <summary>Writes what a network says of itself: declaration, hyperparameters, inputs, segments.</summary>
internal static class DescriptionEmitter
{
    public static void Emit(CodeWriter code, NetworkModel network)
    {
        Declaration(code, network);
        foreach (HyperparameterModel hyperparameter in network.Hyperparameters)
        {
            string name = hyperparameter.Property.Name;
            code.Line();
            Summary(code, hyperparameter.Property);
            code.Line($"{Head(hyperparameter.Property)} int {hyperparameter.Property.Identifier} => {Naming.Field(name)};");
        }

        foreach (InputModel input in network.Inputs)
        {
            if (input.Member is { } member)
            {
                code.Line();
                code.Line($"{Head(member.Property)} Segment {member.Property.Identifier} => new({Naming.Literal(input.Name)}, SegmentKind.Layers, \"\", {input.Channels.Code}, {input.Channels.Code}) {{ Sources = [] }};");
            }
        }

        foreach (SegmentModel segment in network.Segments)
        {
            code.Line();
            Segment(code, segment);
        }
    }

    private static void Declaration(CodeWriter code, NetworkModel network)
    {
        string entries = string.Join(", ", network.Hyperparameters.Select(h => $"[{Naming.Literal(h.Property.Name)}] = {h.Property.Identifier}"));
        string arguments = string.Concat(network.Hyperparameters.Select(h => $"values[{Naming.Literal(h.Property.Name)}], "));
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line("public static NetworkDeclaration Declaration { get; } = new(");
        code.Line($"    {Naming.Literal(network.Name)},");
        code.Line($"    {Naming.Literal(network.Class.Summary)},");
        code.Line($"    typeof({network.Class.Identifier}),");
        code.Line("    [" + string.Join(", ", network.Hyperparameters.Select(h => $"new({Naming.Literal(h.Property.Name)}, {h.Default}, {Naming.Literal(h.Property.Summary)})")) + "],");
        code.Line($"    (values, device, dtype) => new {network.Class.Identifier}({arguments}device, dtype));");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line($"public override IReadOnlyDictionary<string, int> Hyperparameters => new Dictionary<string, int> {{ {entries} }};".Replace("{  }", "{ }"));
        code.Line();
        if (network.Dimensions != 3)
        {
            code.Line("/// <inheritdoc/>");
            code.Line($"public override int Dimensions => {network.Dimensions};");
            code.Line();
        }

        code.Line("/// <inheritdoc/>");
        code.Line("public override IReadOnlyList<NetworkInput> Inputs => [" + string.Join(", ", network.Inputs.Select(i => $"new({Naming.Literal(i.Name)}, {i.Channels.Code})")) + "];");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line("public override IReadOnlyList<Segment> Segments => " + GeneratedNames.SegmentsField + " ??= [" + string.Join(", ", network.Segments.Select(s => s.Property.Identifier)) + "];");
    }

    private static void Segment(CodeWriter code, SegmentModel segment)
    {
        (string kind, string operations) = segment switch
        {
            StackModel stack => ("Stack", StackEmitter.Describe(stack, stack.Blocks.Interpolated)),
            LayersModel { IsRearrangement: true } layers => ("Rearrangement", LayerEmitter.Describe(layers, interpolated: true)),
            _ => ("Layers", LayerEmitter.Describe((LayersModel)segment, interpolated: true)),
        };
        Summary(code, segment.Property);
        code.Line($"{Head(segment.Property)} Segment {segment.Property.Identifier} => new(");
        code.Line($"    {Naming.Literal(segment.Name)}, SegmentKind.{kind}, {(operations.Contains('{') ? "$" : "")}{Naming.Literal(operations)}, {segment.Input.Code}, {segment.Output.Code})");
        code.Line("{");
        code.Line($"    Sources = [{string.Join(", ", segment.Sources.Select(Naming.Literal))}],");
        Property(code, "Junction", segment.Junction == "None" ? null : $"Junction.{segment.Junction}");
        string sizes = segment is LayersModel chain ? LayerEmitter.Sizes([.. chain.Operations]) : $"{Naming.Field(segment.Name)}.Sizes";
        Property(code, "Sizes", sizes == LayerEmitter.KeepsSizes ? null : sizes);
        Property(code, "Blocks", (segment as StackModel)?.Blocks.Code);
        if (segment is LayersModel steps)
        {
            code.Line($"    Steps ={LayerStepEmitter.List(new AdjointChain([steps]), "    ")},");
        }

        Property(code, "IsOutput", segment.IsOutput ? "true" : null);
        Property(code, "Strategy", segment.Member.Wiring.Strategy is { } strategy ? $"SegmentStrategy.{strategy.Strategy}" : null);
        code.Line("};");
    }

    private static void Property(CodeWriter code, string name, string? value)
    {
        if (value is not null)
        {
            code.Line($"    {name} = {value},");
        }
    }

    // What comes from an elongated network has no declaring part of its own.
    public static string Head(DeclaredProperty property) => property.IsTakenOver ? property.Modifiers : $"{property.Modifiers} partial".TrimStart();

    private static void Summary(CodeWriter code, DeclaredProperty property)
    {
        if (property.IsTakenOver && property.Modifiers == "public")
        {
            code.Line($"/// <summary>{Naming.Xml(property.Summary)}</summary>");
        }
    }
}
