using Iqt.Generators.Models;

namespace Iqt.Generators.Emission;

/// <summary>Writes the pass that keeps activations and goes backwards segment by segment (paper, Fig. 3).</summary>
internal static class BackwardEmitter
{
    public static string Emit(NetworkModel network)
    {
        string name = network.Class.Name;
        CodeWriter code = GeneratedFile.Begin(network.Class, "backward pass", "", "System", "Iqt.Reversible", "TorchSharp", "static TorchSharp.torch");
        code.Line("/// <inheritdoc/>");
        code.Line("protected override ForwardPass RunSegments(Tensor input, BackpropagationMode mode) => new SegmentPass(this, input, mode);");
        code.Line();
        foreach (int i in Enumerable.Range(0, network.Segments.Count).Where(i => network.Segments[i] is StackModel))
        {
            StackBackwardEmitter.Emit(code, network, i);
            code.Line();
        }

        code.Open("private sealed class SegmentPass : CachedPass");
        code.Line($"private readonly {name} _network;");
        code.Line("private readonly BackpropagationMode _mode;");
        foreach (int i in Activations(network).Where(i => CachePlan.KeptReversible(network, i) || CachePlan.KeptCheckpointed(network, i)))
        {
            code.Line($"private readonly ActivationCache {Cache(network, i)};");
        }

        code.Line();
        code.Open($"public SegmentPass({name} network, Tensor input, BackpropagationMode mode)");
        code.Line("_network = network;");
        code.Line("_mode = mode;");
        foreach (int i in Activations(network).Where(i => CachePlan.KeptReversible(network, i) || CachePlan.KeptCheckpointed(network, i)))
        {
            code.Line($"{Cache(network, i)} = Cache();");
        }

        code.Line("Start(input, mode == BackpropagationMode.Reversible ? ForwardReversible : ForwardCheckpointed);");
        code.Close();
        code.Line();
        code.Line("protected override Tensor? BackwardSegments(Tensor outputGradient, bool wantInputGradient, bool retainCaches) =>");
        code.Line("    _mode == BackpropagationMode.Reversible");
        code.Line("        ? BackwardReversible(outputGradient, wantInputGradient, retainCaches)");
        code.Line("        : BackwardCheckpointed(outputGradient, wantInputGradient, retainCaches);");
        code.Line();
        code.Line("// Mode Reversible keeps " + Kept(network) + ".");
        Forward(code, network, "ForwardReversible", CachePlan.KeptReversible);
        code.Line();
        ModeReversible(code, network);
        code.Line();
        code.Line("// Mode Checkpointed keeps the input of every segment.");
        Forward(code, network, "ForwardCheckpointed", CachePlan.KeptCheckpointed);
        code.Line();
        ModeCheckpointed(code, network);
        code.Close();
        return code.Close().ToString();
    }

    private static void Forward(CodeWriter code, NetworkModel network, string name, Func<NetworkModel, int, bool> kept)
    {
        code.Open($"private Tensor {name}(Tensor input)");
        code.Line("using var x = new Activation(input.alias());");
        for (int i = -1; i < network.Segments.Count; i++)
        {
            if (i >= 0)
            {
                string segment = network.Segments[i].Name;
                code.Line(network.Segments[i] is StackModel ? $"x.Replace(_network.Forward{segment}(x));" : $"x.Replace(_network.Graph{segment}(x, Execution.First));");
            }

            if (kept(network, i))
            {
                code.Line($"{Cache(network, i)}.KeepShared(x);");
            }
        }

        code.Line("return x.Release();");
        code.Close();
    }

    private static void ModeReversible(CodeWriter code, NetworkModel network)
    {
        code.Open("private Tensor? BackwardReversible(Tensor outputGradient, bool wantInputGradient, bool retainCaches)");
        code.Line("using var gradient = new Activation(outputGradient.alias());");
        for (int i = network.Segments.Count - 1; i >= 0; i--)
        {
            string name = network.Segments[i].Name;
            string want = i == 0 ? ", wantInputGradient" : "";
            code.Line();
            if (network.Segments[i] is LayersModel layers)
            {
                BackwardLayers(code, network, i, layers, want);
                FreeUnlessStackReads(code, network, i);
                continue;
            }

            bool fromCache = CachePlan.KeptReversible(network, i);
            code.Line(fromCache
                ? $"// {name}: inverted from its cached output, block by block"
                : $"// {name}: inverted from the output that {network.Segments[i + 1].Name} gave back");
            if (fromCache)
            {
                code.Line($"using var {Naming.Parameter(name + "Activation")} = new Activation({Cache(network, i)}.Value.alias());");
                code.Line($"{Cache(network, i)}.Free(retainCaches);");
            }

            code.Line($"_network.Backward{name}({Activation(network, i)}, gradient{want});");
        }

        code.Line();
        code.Line("return gradient.ReleaseOrNull();");
        code.Close();
    }

    // A run of stacks works on the activation that the last of them took from its cache.
    private static string Activation(NetworkModel network, int segment)
    {
        while (!CachePlan.KeptReversible(network, segment))
        {
            segment++;
        }

        return Naming.Parameter(network.Segments[segment].Name + "Activation");
    }

    private static void FreeUnlessStackReads(CodeWriter code, NetworkModel network, int segment)
    {
        bool stackReads = segment > 0 && network.Segments[segment - 1] is StackModel;
        if (network.Segments[segment].Strategy == SegmentStrategy.Recompute && !stackReads)
        {
            code.Line($"{Cache(network, segment - 1)}.Free(retainCaches);");
        }
    }

    private static void ModeCheckpointed(CodeWriter code, NetworkModel network)
    {
        code.Open("private Tensor? BackwardCheckpointed(Tensor outputGradient, bool wantInputGradient, bool retainCaches)");
        code.Line("using var gradient = new Activation(outputGradient.alias());");
        for (int i = network.Segments.Count - 1; i >= 0; i--)
        {
            SegmentModel segment = network.Segments[i];
            string want = i == 0 ? ", wantInputGradient" : "";
            code.Line();
            if (segment is LayersModel layers)
            {
                BackwardLayers(code, network, i, layers, want);
            }
            else
            {
                code.Line($"// {segment.Name}: all blocks run again as one graph");
                code.Line($"Recompute(_network.Graph{segment.Name}, {Cache(network, i - 1)}.Value, gradient{want});");
            }

            if (segment.Strategy != SegmentStrategy.Rearrange)
            {
                code.Line($"{Cache(network, i - 1)}.Free(retainCaches);");
            }
        }

        code.Line();
        code.Line("return gradient.ReleaseOrNull();");
        code.Close();
    }

    private static void BackwardLayers(CodeWriter code, NetworkModel network, int index, LayersModel layers, string want)
    {
        if (layers.Strategy == SegmentStrategy.Rearrange)
        {
            code.Line($"// {layers.Name}: only moves numbers, so the gradient moves back");
            foreach (VoxelShuffleModel shuffle in layers.Operations.OfType<VoxelShuffleModel>().Reverse())
            {
                code.Line($"gradient.Replace(VoxelShuffle.Invert(gradient, {shuffle.Rate}));");
            }

            if (index == 0)
            {
                code.Line("if (!wantInputGradient)");
                code.Line("{\n    gradient.Clear();\n}");
            }

            return;
        }

        code.Line($"// {layers.Name}: run again from its cached input with a graph");
        code.Line($"Recompute(_network.Graph{layers.Name}, {Cache(network, index - 1)}.Value, gradient{want});");
    }

    private static IEnumerable<int> Activations(NetworkModel network) => Enumerable.Range(-1, network.Segments.Count + 1);

    private static string Cache(NetworkModel network, int activation) =>
        activation < 0 ? "_inputCache" : Naming.Field(network.Segments[activation].Name + "Cache");

    private static string Kept(NetworkModel network)
    {
        List<string> kept = [.. Activations(network)
            .Where(i => CachePlan.KeptReversible(network, i))
            .Select(i => i < 0 ? "the input" : $"the output of {network.Segments[i].Name}")];
        return kept.Count == 0 ? "nothing" : string.Join(", ", kept);
    }
}
