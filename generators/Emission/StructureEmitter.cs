using Iqt.Generators.Models;
using Iqt.Generators.Parsing;
using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Emission;

/// <summary>Writes what a network is made of: constructor, hyperparameters, segments, declaration.</summary>
internal static class StructureEmitter
{
    public static string Emit(NetworkModel network)
    {
        CodeWriter code = GeneratedFile.Begin(
            network.Class,
            "structure",
            " : Network, IDeclaredNetwork",
            [Description(network)],
            "System.Collections.Generic", "Iqt.Reversible", "Iqt.Reversible.Adjoints", "TorchSharp", "TorchSharp.Modules", "static TorchSharp.torch");
        Fields(code, network);
        Constructor(code, network);
        DescriptionEmitter.Emit(code, network);
        return GeneratedFile.End(code, network.Class);
    }

    // A line of code for each member.
    private static string Description(NetworkModel network)
    {
        string[] members = DeclarationText.Write(network.Declaration).Replace("\nmember\t", "\n\0member\t").Split('\0');
        return $"// The declaration as text, for [Elongate<{network.Class.Name}>] in another assembly.\n[DeclarationDescription(\n    {string.Join(" +\n    ", members.Select(Naming.Literal))})]";
    }

    private static void Fields(CodeWriter code, NetworkModel network)
    {
        code.Line($"private IReadOnlyList<Segment>? {GeneratedNames.SegmentsField};");
        foreach (HyperparameterModel hyperparameter in network.Hyperparameters)
        {
            code.Line($"private readonly int {Naming.Field(hyperparameter.Property.Name)};");
        }

        foreach (SegmentModel segment in network.Segments)
        {
            if (segment is StackModel stack)
            {
                code.Line($"private readonly {StackEmitter.Type(stack, network.Class)} {Naming.Field(stack.Name)};");
            }
            else if (segment is LayersModel layers)
            {
                LayerEmitter.Fields(code, layers);
                AdjointEmitter.Fields(code, new AdjointChain([layers]));
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
        code.Line($"public {network.Class.Identifier}({hyperparameters}Device? device = null, ScalarType? dtype = null)");
        code.Open($"    : base({Naming.Literal(network.Name)})");
        foreach (HyperparameterModel h in network.Hyperparameters)
        {
            string name = h.Property.Name;
            code.Line($"{Naming.Field(name)} = HyperparameterDeclaration.AtLeast({h.Minimum}, {Naming.Parameter(name)}, {Naming.Literal(name)});");
        }

        Dictionary<string, Count> channels = network.Inputs.ToDictionary(input => input.Name, input => input.Channels);
        foreach (SegmentModel segment in network.Segments)
        {
            string[] requirements = [.. Requirements(segment, channels)];
            channels[segment.Name] = segment.Output;
            if (requirements.Length > 0 || segment is StackModel or LayersModel { HasModules: true })
            {
                code.Line();
                code.Line($"// {segment.Name}: {Describe(segment)}");
                foreach (string requirement in requirements)
                {
                    code.Line(requirement);
                }
            }

            if (segment is StackModel stack)
            {
                StackEmitter.Construct(code, stack, network.Class);
            }
            else if (segment is LayersModel { HasModules: true } layers)
            {
                LayerEmitter.Construct(code, layers);
                AdjointEmitter.Construct(code, new AdjointChain([layers]));
            }
        }

        code.Close();
    }

    private static string Describe(SegmentModel segment) => segment is StackModel stack
        ? $"{StackEmitter.Describe(stack, stack.Blocks.Code)} on {stack.Input.Code} channels, in two halves"
        : LayerEmitter.Describe((LayersModel)segment);

    // Statements. Those that no hyperparameter can break were judged by the rules.
    private static IEnumerable<string> Requirements(SegmentModel segment, Dictionary<string, Count> channels)
    {
        string name = Naming.Literal(segment.Name);
        if (segment.Junction == "Sum" && segment.Sources.Select(source => channels[source].Code).Distinct().Skip(1).Any())
        {
            yield return $"ChannelRequirements.Equal({name}, {string.Join(", ", segment.Sources.Select(source => $"({Naming.Literal(source)}, {channels[source].Code})"))});";
        }

        IEnumerable<DivisorRule> divisors = segment is StackModel stack ? stack.Divisors : ((LayersModel)segment).Operations.SelectMany(operation => operation.Kind.Divisors(operation));
        foreach (DivisorRule rule in divisors.Where(rule => rule.Divisor != Count.Literal(1) && !(rule.Channels.IsLiteral && rule.Divisor.IsLiteral)))
        {
            yield return $"ChannelRequirements.Multiple({name}, {Naming.Literal(rule.What)}, {rule.Channels.Code}, {rule.Divisor.Code});";
        }
    }
}
