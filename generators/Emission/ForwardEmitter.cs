using Iqt.Generators.Models;

namespace Iqt.Generators.Emission;

/// <summary>Writes the forward pass: the whole network as a graph, and each segment.</summary>
internal static class ForwardEmitter
{
    public static string Emit(NetworkModel network)
    {
        CodeWriter code = GeneratedFile.Begin(network.Class, "forward pass", "", "System.Collections.Generic", "Iqt.Reversible", "Iqt.Reversible.Adjoints", "TorchSharp", "static TorchSharp.torch");
        Graph(code, network);
        foreach (SegmentModel segment in network.Segments)
        {
            code.Line();
            if (segment is StackModel stack)
            {
                StackEmitter.Forward(code, stack);
            }
            else if (segment is LayersModel layers)
            {
                Layers(code, layers);
            }
        }

        return GeneratedFile.End(code, network.Class);
    }

    private static void Graph(CodeWriter code, NetworkModel network)
    {
        code.Line("/// <inheritdoc/>");
        code.Open("protected override Tensor[] Graph(IReadOnlyList<Tensor> inputs, Execution execution)");
        for (int i = 0; i < network.Inputs.Count; i++)
        {
            code.Line($"using var {Naming.Parameter(network.Inputs[i].Name)} = new Activation(inputs[{i}].alias());");
        }

        for (int i = 0; i < network.Segments.Count; i++)
        {
            SegmentModel segment = network.Segments[i];
            string arguments = segment is LayersModel { IsRearrangement: true } ? "" : ", execution";
            code.Line();
            string source = Naming.Parameter(segment.Sources[0]) + ".Value";
            if (segment.Junction != "None")
            {
                source = Naming.Camel(segment.Name + "Input");
                string parts = string.Join(", ", segment.Sources.Select(name => Naming.Parameter(name) + ".Value"));
                code.Line($"using Tensor {source} = Source.{segment.Junction}Of({parts});");
            }

            string method = segment is LayersModel { IsRearrangement: true } ? "Forward" : "Graph";
            code.Line($"using var {Naming.Parameter(segment.Name)} = new Activation({method}{segment.Name}({source}{arguments}));");
            foreach (string name in segment.Sources.Where(name => LastReader(network, name) == i && !IsOutput(network, name)))
            {
                code.Line($"{Naming.Parameter(name)}.Clear();");
            }
        }

        code.Line();
        code.Line($"return [{string.Join(", ", network.Segments.Where(s => s.IsOutput).Select(s => Naming.Parameter(s.Name) + ".Release()"))}];");
        code.Close();
    }

    private static int LastReader(NetworkModel network, string activation)
    {
        List<SegmentModel> segments = [.. network.Segments];
        return segments.FindLastIndex(segment => segment.Sources.Contains(activation));
    }

    private static bool IsOutput(NetworkModel network, string activation) => network.Segments.Any(s => s.Name == activation && s.IsOutput);

    private static void Layers(CodeWriter code, LayersModel layers)
    {
        code.Line($"// {layers.Name}: {LayerEmitter.Describe(layers)}");
        code.Open(layers.IsRearrangement
            ? $"private Tensor Forward{layers.Name}(Tensor input)"
            : $"private Tensor Graph{layers.Name}(Tensor input, Execution execution)");
        LayerEmitter.Body(code, layers);
        code.Close();
        if (!layers.IsRearrangement)
        {
            code.Line();
            code.Line($"// {layers.Name} without a graph; the tape takes what its adjoint reads");
            code.Open($"private Tensor Run{layers.Name}(Tensor input, Tape tape)");
            AdjointEmitter.Run(code, new AdjointChain([layers]));
            code.Close();
        }
    }
}
