using Iqt.Generators.Models;

namespace Iqt.Generators.Emission;

/// <summary>Writes the forward pass: each segment as a graph, each stack in place.</summary>
internal static class ForwardEmitter
{
    public static string Emit(NetworkModel network)
    {
        CodeWriter code = GeneratedFile.Begin(network.Class, "forward pass", "", "Iqt.Reversible", "TorchSharp", "static TorchSharp.torch");
        code.Line("/// <inheritdoc/>");
        code.Open("protected override Tensor Graph(Tensor input, Execution execution)");
        code.Line("using var x = new Activation(input.alias());");
        foreach (SegmentModel segment in network.Segments)
        {
            code.Line($"x.Replace(Graph{segment.Name}(x, execution));");
        }

        code.Line("return x.Release();");
        code.Close();
        foreach (SegmentModel segment in network.Segments)
        {
            code.Line();
            if (segment is StackModel stack)
            {
                GraphStack(code, stack);
                code.Line();
                ForwardStack(code, stack);
            }
            else if (segment is LayersModel layers)
            {
                GraphLayers(code, layers);
            }
        }

        return code.Close().ToString();
    }

    private static void GraphLayers(CodeWriter code, LayersModel layers)
    {
        code.Line($"// {layers.Name}: {LayerEmitter.Describe(layers)}");
        code.Open($"private Tensor Graph{layers.Name}(Tensor input, Execution execution)");
        LayerEmitter.Apply(code, layers, started: false);
        code.Line("return x.Release();");
        code.Close();
    }

    private static void GraphStack(CodeWriter code, StackModel stack)
    {
        string field = Naming.Field(stack.Name);
        code.Line($"// {stack.Name}, {stack.Blocks.Code} × {stack.Function}, as operations that autograd can follow");
        code.Open($"private Tensor Graph{stack.Name}(Tensor input, Execution execution)");
        code.Line("long half = input.shape[1] / 2;");
        code.Line("using var alpha = new Activation(input.narrow(1, 0, half));");
        code.Line("using var beta = new Activation(input.narrow(1, half, half));");
        code.Open($"for (int i = 0; i < {field}.Count; i++)");
        code.Line($"alpha.Replace(AdditiveCoupling.Add(alpha, {field}[i].F, beta, execution));");
        code.Line($"beta.Replace(AdditiveCoupling.Add(beta, {field}[i].G, alpha, execution));");
        code.Close();
        code.Line("return cat([alpha.Value, beta.Value], 1);");
        code.Close();
    }

    private static void ForwardStack(CodeWriter code, StackModel stack)
    {
        string field = Naming.Field(stack.Name);
        code.Line($"// {stack.Name} without a graph: each block adds to the halves in place");
        code.Open($"private Tensor Forward{stack.Name}(Tensor input)");
        code.Line("using Halves x = Halves.Split(input);");
        code.Open($"for (int i = 0; i < {field}.Count; i++)");
        code.Line($"AdditiveCoupling.AddInPlace(x.Alpha, {field}[i].F, x.Beta, Execution.First);");
        code.Line($"AdditiveCoupling.AddInPlace(x.Beta, {field}[i].G, x.Alpha, Execution.First);");
        code.Close();
        code.Line("return x.Join();");
        code.Close();
    }
}
