using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Emission;

/// <summary>Writes a stack: its blocks, and the ways through them forwards, with a graph, backwards and inverted.</summary>
internal static class StackEmitter
{
    /// <summary>The type of the field that holds the blocks.</summary>
    public static string Type(StackModel stack, DeclaredClass type)
    {
        string Half(DeclaredType function)
        {
            string name = Function(function, type);
            return stack.IsAffine ? $"ScaleAndShift<{name}>" : name;
        }

        return $"StackedBlocks<{Half(stack.F)}, {Half(stack.G)}>";
    }

    /// <summary>For comments and descriptions: <c>4 × Bottleneck, affine</c>.</summary>
    public static string Describe(StackModel stack, string blocks)
    {
        string functions = stack.F == stack.G ? stack.F.Name : $"{stack.F.Name} and {stack.G.Name}";
        string permutation = stack.Permutation is { } order ? $", channels {order.ToLowerInvariant()} between blocks" : "";
        return $"{blocks} × {functions}{(stack.IsAffine ? ", affine coupling" : "")}{permutation}";
    }

    public static void Construct(CodeWriter code, StackModel stack, DeclaredClass type)
    {
        string Half(DeclaredType function)
        {
            string one = function.Role == TypeRole.Module
                ? $"new {Function(function, type)}({Naming.NewModule(function, "channels", "channels")}, channels, device, dtype)"
                : $"new {Function(function, type)}(channels, device, dtype)";
            return stack.IsAffine ? $"channels => new ScaleAndShift<{Function(function, type)}>({one}, {one})" : $"channels => {one}";
        }

        string field = Naming.Field(stack.Name);
        code.Line($"{field} = new {Type(stack, type)}(");
        code.Line($"    {Naming.Literal(stack.Name)}, {stack.Blocks.Code}, {stack.Input.Code},");
        code.Line($"    {Half(stack.F)},");
        code.Line($"    {Half(stack.G)});");
        code.Line($"register_module({Naming.Literal(Naming.Camel(stack.Name))}, {field});");
    }

    /// <summary>The stack as operations of a graph, and without one.</summary>
    public static void Forward(CodeWriter code, StackModel stack)
    {
        string field = Naming.Field(stack.Name), coupling = Coupling(stack);
        code.Line($"// {stack.Name}, {Describe(stack, stack.Blocks.Code)}, as operations that autograd can follow");
        code.Open($"private Tensor Graph{stack.Name}(Tensor input, Execution execution)");
        code.Line($"using GraphHalves x = GraphHalves.Split(input, {field}.Count, execution);");
        code.Open($"for (int i = 0; i < {field}.Count; i++)");
        Permutation(code, stack, "Permute", behind: false);
        code.Line($"x.Alpha.Replace({coupling}.Apply(x.Alpha, {field}[i].F, x.Beta, x.Execution));");
        code.Line($"x.Beta.Replace({coupling}.Apply(x.Beta, {field}[i].G, x.Alpha, x.Execution));");
        code.Close();
        code.Line();
        code.Line("return x.Join();");
        code.Close();
        code.Line();
        code.Line($"// {stack.Name} without a graph: each block acts on the halves; what is kept of it is the tapes' to say");
        code.Open($"private void Forward{stack.Name}(CoupledHalves x, StackTapes tapes)");
        code.Open($"for (int i = 0; i < {field}.Count; i++)");
        Permutation(code, stack, "Permute", behind: false);
        code.Line("tapes.Enter(i, x);");
        code.Line($"{Half(stack)}.Forward(x.Alpha, {field}[i].F, x.Beta, tapes[i].F);");
        code.Line($"{Half(stack)}.Forward(x.Beta, {field}[i].G, x.Alpha, tapes[i].G);");
        code.Close();
        code.Close();
    }

    /// <summary>The way of activation and gradient backwards.</summary>
    public static void Backward(CodeWriter code, StackModel stack)
    {
        string field = Naming.Field(stack.Name);
        code.Line($"// {stack.Name} backwards (paper, Fig. 3b): takes activation and gradient from its output to its input, one block");
        code.Line("// at a time. A single run of G, then of F, gives back the half that it acted on and what its adjoint reads.");
        code.Open($"private void Backward{stack.Name}(CoupledHalves x, CoupledHalves dx, StackTapes tapes, bool wantInputGradient)");
        code.Open($"for (int i = {field}.Count - 1; i >= 0; i--)");
        code.Line($"{Half(stack)}.Backward(x.Beta, {field}[i].G, x.Alpha, tapes[i].G, dx.Beta, dx.Alpha);");
        code.Line($"{Half(stack)}.Backward(x.Alpha, {field}[i].F, x.Beta, tapes[i].F, dx.Alpha, dx.Beta, wantInputGradient || i > 0);");
        code.Line($"tapes.Leave(i, x, {field}[i]);");
        if (stack.Permutation is { } order)
        {
            code.Line();
            code.Open("if (i > 0)");
            code.Line($"x.Unpermute(ChannelOrder.{order});");
            code.Line($"dx.Unpermute(ChannelOrder.{order}); // a permutation's adjoint is its inverse");
            code.Close();
        }

        code.Close();
        code.Close();
    }

    /// <summary>The stack's input from its output.</summary>
    public static void Inverse(CodeWriter code, StackModel stack)
    {
        string field = Naming.Field(stack.Name);
        code.Line($"// {stack.Name} inverted (paper, section 2): the halves of its output become those of its input");
        code.Open($"private void Invert{stack.Name}(CoupledHalves x, StackTapes tapes)");
        code.Open($"for (int i = {field}.Count - 1; i >= 0; i--)");
        code.Line($"{Half(stack)}.Invert(x.Beta, {field}[i].G, x.Alpha, tapes[i].G);");
        code.Line($"{Half(stack)}.Invert(x.Alpha, {field}[i].F, x.Beta, tapes[i].F);");
        Permutation(code, stack, "Unpermute", behind: true);
        code.Close();
        code.Close();
    }

    private static void Permutation(CodeWriter code, StackModel stack, string method, bool behind)
    {
        if (stack.Permutation is not { } order)
        {
            return;
        }

        if (behind)
        {
            code.Line();
        }

        code.Open("if (i > 0)");
        code.Line($"x.{method}(ChannelOrder.{order});");
        code.Close();
        if (!behind)
        {
            code.Line();
        }
    }

    private static string Half(StackModel stack) => stack.IsAffine ? "AffineHalf" : "AdditiveHalf";

    private static string Coupling(StackModel stack) => stack.IsAffine ? "AffineCoupling" : "AdditiveCoupling";

    private static string Function(DeclaredType function, DeclaredClass type) =>
        function.Role == TypeRole.Module ? $"ModuleFunction<{Naming.Type(function, type)}>" : Naming.Type(function, type);
}
