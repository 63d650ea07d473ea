using Iqt.Generators.Models;

namespace Iqt.Generators.Emission;

/// <summary>Writes the inversion of each stack.</summary>
internal static class InverseEmitter
{
    public static bool HasInverse(NetworkModel network) => network.Segments.Any(segment => segment is StackModel);

    public static string Emit(NetworkModel network)
    {
        CodeWriter code = GeneratedFile.Begin(network.Class, "inversion of stacks", "", "System", "Iqt.Reversible", "TorchSharp", "static TorchSharp.torch");
        bool first = true;
        foreach (StackModel stack in network.Segments.OfType<StackModel>())
        {
            if (!first)
            {
                code.Line();
            }

            first = false;
            Inverse(code, stack);
        }

        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line("public override Tensor InvertStack(string name, Tensor output) => name switch");
        code.Line("{");
        foreach (StackModel stack in network.Segments.OfType<StackModel>())
        {
            code.Line($"    {Naming.Literal(stack.Name)} => Invert{stack.Name}(output),");
        }

        code.Line("    _ => base.InvertStack(name, output),");
        code.Line("};");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line("public override Tensor RunStack(string name, Tensor input) => name switch");
        code.Line("{");
        foreach (StackModel stack in network.Segments.OfType<StackModel>())
        {
            code.Line($"    {Naming.Literal(stack.Name)} => WithoutGraph(Forward{stack.Name}, input),");
        }

        code.Line("    _ => base.RunStack(name, input),");
        code.Line("};");
        return code.Close().ToString();
    }

    private static void Inverse(CodeWriter code, StackModel stack)
    {
        string field = Naming.Field(stack.Name);
        code.Line($"/// <summary>The input of {stack.Name}, computed from its output (paper, section 2); the caller disposes it.</summary>");
        code.Line($"/// <param name=\"output\">[batch, {Naming.Xml(stack.Input.Code)}, depth, height, width]; not changed.</param>");
        code.Open($"public Tensor Invert{stack.Name}(Tensor output)");
        code.Line("using IDisposable withoutGraph = no_grad();");
        code.Line("using Halves x = Halves.Split(output);");
        code.Open($"for (int i = {field}.Count - 1; i >= 0; i--)");
        code.Line($"AdditiveCoupling.SubtractInPlace(x.Beta, {field}[i].G, x.Alpha);");
        code.Line($"AdditiveCoupling.SubtractInPlace(x.Alpha, {field}[i].F, x.Beta);");
        code.Close();
        code.Line("return x.Join();");
        code.Close();
    }
}
