using Iqt.Generators.Models;

namespace Iqt.Generators.Emission;

/// <summary>Writes the way of activation and gradient backwards through the blocks of one stack.</summary>
internal static class StackBackwardEmitter
{
    public static void Emit(CodeWriter code, NetworkModel network, int index)
    {
        var stack = (StackModel)network.Segments[index];
        string field = Naming.Field(stack.Name);
        bool first = index == 0;
        bool handsOn = CachePlan.HandsOnInput(network, index);
        code.Line($"// {stack.Name} backwards (paper, Fig. 3b): takes activation and gradient from its output to its input,");
        code.Line("// one block at a time. A single run of G, then of F, gives back the half it was added to and its gradients.");
        code.Open($"private void Backward{stack.Name}(Activation activation, Activation gradient{(first ? ", bool wantInputGradient" : "")})");
        code.Line("using Halves x = Halves.Split(activation);");
        code.Line("activation.Clear();");
        code.Line("using Halves dx = Halves.Split(gradient);");
        code.Line("gradient.Clear();");
        code.Open($"for (int i = {field}.Count - 1; i >= 0; i--)");
        code.Line($"AdditiveCoupling.Reverse(x.Beta, {field}[i].G, x.Alpha, dx.Beta, dx.Alpha);");
        string want = first ? ", wantSourceGradient: wantInputGradient || i > 0" : "";
        code.Line($"AdditiveCoupling.Reverse(x.Alpha, {field}[i].F, x.Beta, dx.Alpha, dx.Beta{want});");
        code.Close();
        if (handsOn)
        {
            code.Line();
            code.Line("activation.Replace(x.Join());");
        }

        if (first)
        {
            code.Line();
            code.Open("if (wantInputGradient)");
            code.Line("gradient.Replace(dx.Join());");
            code.Close();
        }
        else
        {
            code.Line();
            code.Line("gradient.Replace(dx.Join());");
        }

        code.Close();
    }
}
