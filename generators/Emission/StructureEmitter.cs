using Iqt.Generators.Models;

namespace Iqt.Generators.Emission;

/// <summary>Writes what a network is made of: constructor, hyperparameters, segments, declaration.</summary>
internal static class StructureEmitter
{
    public static string Emit(NetworkModel network)
    {
        CodeWriter code = GeneratedFile.Begin(
            network.Class, "structure", " : Network, IDeclaredNetwork", "System.Collections.Generic", "Iqt.Reversible", "TorchSharp", "TorchSharp.Modules", "static TorchSharp.torch");
        Fields(code, network);
        Constructor(code, network);
        Description(code, network);
        foreach (HyperparameterModel hyperparameter in network.Hyperparameters)
        {
            string name = hyperparameter.Property.Name;
            code.Line();
            code.Line($"{hyperparameter.Property.Modifiers} partial int {name} => {Naming.Field(name)};");
        }

        for (int i = 0; i < network.Segments.Count; i++)
        {
            code.Line();
            Segment(code, network, i);
        }

        return code.Close().ToString();
    }

    private static void Fields(CodeWriter code, NetworkModel network)
    {
        foreach (HyperparameterModel hyperparameter in network.Hyperparameters)
        {
            code.Line($"private readonly int {Naming.Field(hyperparameter.Property.Name)};");
        }

        foreach (SegmentModel segment in network.Segments)
        {
            if (segment is StackModel stack)
            {
                code.Line($"private readonly StackedBlocks<{stack.Function}> {Naming.Field(stack.Name)};");
            }
            else if (segment is LayersModel layers)
            {
                LayerEmitter.Fields(code, layers);
            }
        }
    }

    private static void Constructor(CodeWriter code, NetworkModel network)
    {
        code.Line();
        code.Line("/// <summary>Builds the network with fresh parameters.</summary>");
        foreach (HyperparameterModel h in network.Hyperparameters)
        {
            code.Line($"/// <param name=\"{Naming.Camel(h.Property.Name)}\">{Naming.Xml(h.Property.Summary)}</param>");
        }

        code.Line("/// <param name=\"device\">Where the parameters lie; the default device if not given.</param>");
        code.Line("/// <param name=\"dtype\">Their type; float32 if not given.</param>");
        string hyperparameters = string.Concat(network.Hyperparameters.Select(h => $"int {Naming.Parameter(h.Property.Name)} = {h.Default}, "));
        code.Line($"public {network.Class.Name}({hyperparameters}Device? device = null, ScalarType? dtype = null)");
        code.Open($"    : base({Naming.Literal(network.Name)})");
        foreach (HyperparameterModel h in network.Hyperparameters)
        {
            string name = h.Property.Name;
            code.Line($"{Naming.Field(name)} = HyperparameterDeclaration.AtLeast({h.Minimum}, {Naming.Parameter(name)}, {Naming.Literal(name)});");
        }

        foreach (SegmentModel segment in network.Segments)
        {
            if (segment is StackModel stack)
            {
                Stack(code, stack);
            }
            else if (segment is LayersModel layers)
            {
                LayerEmitter.Construct(code, layers);
            }
        }

        code.Close();
    }

    private static void Stack(CodeWriter code, StackModel stack)
    {
        code.Line();
        code.Line($"// {stack.Name}: {stack.Blocks.Code} × {stack.Function} on {stack.Input.Code} channels, in two halves");
        code.Line($"{Naming.Field(stack.Name)} = new StackedBlocks<{stack.Function}>({Naming.Literal(stack.Name)}, {stack.Blocks.Code}, {stack.Input.Code}, channels => new {stack.Function}(channels, device, dtype));");
        code.Line($"register_module({Naming.Literal(Naming.Camel(stack.Name))}, {Naming.Field(stack.Name)});");
    }

    private static void Description(CodeWriter code, NetworkModel network)
    {
        string entries = string.Join(", ", network.Hyperparameters.Select(h => $"[{Naming.Literal(h.Property.Name)}] = {h.Property.Name}"));
        string arguments = string.Concat(network.Hyperparameters.Select(h => $"values[{Naming.Literal(h.Property.Name)}], "));
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line("public static NetworkDeclaration Declaration { get; } = new(");
        code.Line($"    {Naming.Literal(network.Name)},");
        code.Line($"    {Naming.Literal(network.Class.Summary)},");
        code.Line($"    typeof({network.Class.Name}),");
        code.Line("    [" + string.Join(", ", network.Hyperparameters.Select(h => $"new({Naming.Literal(h.Property.Name)}, {h.Default}, {Naming.Literal(h.Property.Summary)})")) + "],");
        code.Line($"    (values, device, dtype) => new {network.Class.Name}({arguments}device, dtype));");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line($"public override IReadOnlyDictionary<string, int> Hyperparameters => new Dictionary<string, int> {{ {entries} }};".Replace("{  }", "{ }"));
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line("public override IReadOnlyList<Segment> Segments => [" + string.Join(", ", network.Segments.Select(s => s.Name)) + "];");
    }

    private static void Segment(CodeWriter code, NetworkModel network, int index)
    {
        SegmentModel segment = network.Segments[index];
        code.Line($"{segment.Property.Modifiers} partial Segment {segment.Name} => new(");
        (string kind, string operations, string blocks, string relation) = segment is StackModel stack
            ? ("Stack", $"{stack.Blocks.Interpolated} × {stack.Function.Split('.').Last()}", stack.Blocks.Code, "SpatialRelation.Identity")
            : ("Layers", LayerEmitter.Describe((LayersModel)segment, interpolated: true), "0", LayerEmitter.Relation((LayersModel)segment));
        string dollar = operations.Contains('{') ? "$" : "";
        code.Line($"    {Naming.Literal(segment.Name)}, SegmentKind.{kind}, {dollar}{Naming.Literal(operations)}, {blocks},");
        code.Line($"    {segment.Input.Code}, {segment.Output.Code}, {relation}, {Naming.Literal(CachePlan.Describe(network, index))});");
    }
}
