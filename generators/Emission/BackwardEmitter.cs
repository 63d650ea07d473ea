using Iqt.Generators.Models;

namespace Iqt.Generators.Emission;

/// <summary>Writes the pass that keeps activations and goes backwards segment by segment (paper, Fig. 3).</summary>
internal static class BackwardEmitter
{
    public static string Emit(NetworkModel network)
    {
        string name = network.Class.Identifier;
        CodeWriter code = GeneratedFile.Begin(network.Class, "backward pass", "", "System.Collections.Generic", "Iqt.Reversible", "Iqt.Reversible.Adjoints", "TorchSharp", "static TorchSharp.torch");
        code.Line("/// <inheritdoc/>");
        code.Line("protected override ForwardPass RunSegments(IReadOnlyList<Tensor> inputs, SegmentPlan plan, StepOptions options) =>");
        code.Line($"    new {Naming.NestedClass}(this, inputs, plan, options);");
        code.Line();
        foreach (SegmentModel segment in network.Segments)
        {
            if (segment is StackModel stack)
            {
                StackEmitter.Backward(code, stack);
                code.Line();
            }
            else if (segment is LayersModel { IsRearrangement: false } layers)
            {
                Layers(code, layers);
                code.Line();
            }
        }

        code.Line("// One training step: which activations are kept, and which are brought back, is the plan's to say.");
        code.Open($"private sealed class {Naming.NestedClass} : SegmentPass");
        Slots(code, network, name);
        code.Line();
        Order(code, network, "ForwardSegments", network.Segments, Forward);
        code.Line();
        Order(code, network, "BackwardSegments", network.Segments.Reverse(), Backward);
        code.Close();
        return GeneratedFile.End(code, network.Class);
    }

    private static void Slots(CodeWriter code, NetworkModel network, string name)
    {
        code.Line($"private readonly {name} _network;");
        foreach (string activation in network.Inputs.Select(i => i.Name).Concat(network.Segments.Select(s => s.Name)))
        {
            code.Line($"private readonly ActivationSlot {Naming.Field(activation + "Slot")};");
        }

        code.Line();
        code.Line($"public {Naming.NestedClass}({name} network, IReadOnlyList<Tensor> inputs, SegmentPlan plan, StepOptions options)");
        code.Open("    : base(network, plan, options)");
        code.Line("_network = network;");
        for (int i = 0; i < network.Inputs.Count; i++)
        {
            code.Line($"{Naming.Field(network.Inputs[i].Name + "Slot")} = InputSlot({i});");
        }

        for (int i = 0; i < network.Segments.Count; i++)
        {
            code.Line($"{Naming.Field(network.Segments[i].Name + "Slot")} = OutputSlot({i});");
        }

        code.Line("Start(inputs);");
        code.Close();
    }

    private static void Order(CodeWriter code, NetworkModel network, string method, IEnumerable<SegmentModel> segments, Func<SegmentModel, string> call)
    {
        code.Open($"protected override void {method}()");
        foreach (SegmentModel segment in segments)
        {
            code.Line();
            code.Line($"// {segment.Name}: {(segment is StackModel stack ? StackEmitter.Describe(stack, Blocks(stack)) : LayerEmitter.Describe((LayersModel)segment))}");
            code.Line(call(segment));
        }

        code.Close();
    }

    private static void Layers(CodeWriter code, LayersModel layers)
    {
        code.Line($"// {layers.Name} backwards{(layers.Operations.Count > 1 ? ", last first" : "")}: {LayerEmitter.Describe(layers)}");
        code.Open($"private Tensor? Backward{layers.Name}(Tensor input, Tape tape, Tensor gradient, bool wantInputGradient)");
        AdjointEmitter.Backward(code, new AdjointChain([layers]));
        code.Close();
    }

    private static string Forward(SegmentModel segment) => segment switch
    {
        LayersModel { IsRearrangement: false } => $"Forward({Slot(segment)}, _network.Run{segment.Name}, {Source(segment)});",
        _ => $"Forward({Slot(segment)}, _network.Forward{segment.Name}, {Source(segment)});",
    };

    // A stack is run forwards once more where it is recomputed, and so are layers.
    private static string Backward(SegmentModel segment) => segment switch
    {
        StackModel => $"Backward({Slot(segment)}, _network.Forward{segment.Name}, _network.Backward{segment.Name}, {Source(segment)});",
        LayersModel { IsRearrangement: true } => $"Backward({Slot(segment)}, _network.Invert{segment.Name}, {Source(segment)});",
        _ => $"Backward({Slot(segment)}, _network.Run{segment.Name}, _network.Backward{segment.Name}, {Source(segment)});",
    };

    private static string Source(SegmentModel segment)
    {
        string slots = string.Join(", ", segment.Sources.Select(source => Naming.Field(source + "Slot")));
        return segment.Junction == "None" ? slots : $"Source.{segment.Junction}({slots})";
    }

    private static string Slot(SegmentModel segment) => Naming.Field(segment.Name + "Slot");

    private static string Blocks(StackModel stack) => stack.Blocks.Code;
}
