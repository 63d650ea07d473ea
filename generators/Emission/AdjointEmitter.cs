using Iqt.Generators.Models;
using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Emission;

/// <summary>
/// Writes the run of a chain of layers that leaves on a tape what its adjoint reads, and the adjoint: normalisation,
/// rectifiers, convolutions and rearrangements as written-out operations, autograd only around what is left.
/// </summary>
internal static class AdjointEmitter
{
    /// <summary>The objects that know the adjoints of modules.</summary>
    public static void Fields(CodeWriter code, AdjointChain chain)
    {
        foreach (AdjointUnit unit in chain.Units.Where(HasObject))
        {
            code.Line($"private readonly {Type(unit)} {Object(unit)};");
        }
    }

    /// <summary>Behind the modules.</summary>
    public static void Construct(CodeWriter code, AdjointChain chain)
    {
        foreach (AdjointUnit unit in chain.Units.Where(HasObject))
        {
            string arguments = unit.Form == AdjointForm.Normalization
                ? $"{Module(unit)}, slope: {(unit.Slope is { } slope ? Naming.Literal(slope) : "null")}"
                : ConvolutionNumbers.AdjointArguments(unit.Operation, Module(unit));
            code.Line($"{Object(unit)} = new {Type(unit)}({arguments});");
        }
    }

    /// <summary>The body of a method <c>Run(Tensor input, Tape tape)</c>.</summary>
    public static void Run(CodeWriter code, AdjointChain chain)
    {
        if (chain.Units.Count == 0)
        {
            code.Line("return input.alias();");
            return;
        }

        if (chain.Units.Any(unit => !HasObject(unit) && Apply(unit, "").Contains("execution")))
        {
            code.Line("Execution execution = tape.Execution;");
        }

        for (int i = 0; i < chain.Units.Count; i++)
        {
            AdjointUnit unit = chain.Units[i];
            Comment(code, chain, i);
            if (chain.OverwritesInput(i))
            {
                code.Line(unit.Operation.Kind.ApplyInPlace(unit.Operation, "x.Value")!);
            }
            else
            {
                code.Line(i == 0 ? $"using var x = new Activation({Apply(unit, "input")});" : $"x.Replace({Apply(unit, "x.Value")});");
            }

            if (chain.IsKept(i + 1))
            {
                code.Line($"tape.Keep({Naming.Literal(unit.Name)}, x);");
            }
        }

        code.Line("return x.Release();");
    }

    /// <summary>The body of a method <c>Backward(Tensor input, Tape tape, Tensor gradient, bool wantInputGradient)</c>.</summary>
    public static void Backward(CodeWriter code, AdjointChain chain)
    {
        int first = chain.FirstWithParameters;
        if (first == 0)
        {
            code.Open("if (!wantInputGradient)");
            code.Line("return null;");
            code.Close();
            code.Line();
        }

        if (chain.Units.Count == 0)
        {
            code.Line("return gradient.alias();");
            return;
        }

        code.Line("using var dx = new Activation(gradient.alias());");
        HashSet<int> live = [0];
        bool severalMembers = chain.Units[0].Member != chain.Units[chain.Units.Count - 1].Member;
        for (int i = chain.Units.Count; i >= 1; i--)
        {
            AdjointUnit unit = chain.Units[i - 1];
            if (i == chain.Units.Count || chain.Units[i].Member != unit.Member)
            {
                code.Line();
                if (severalMembers)
                {
                    code.Line($"// {unit.Member.Name}");
                }
            }

            if (unit.NeedsInput)
            {
                Bring(code, chain, i - 1, live);
            }

            if (unit.NeedsOutput)
            {
                Bring(code, chain, i, live);
            }

            if (i == first && i > 1)
            {
                code.Open("if (!wantInputGradient)");
                code.Line($"return {Adjoint(chain, i, "false")};");
                code.Close();
                code.Line();
            }

            if (i == 1)
            {
                code.Line($"return {Adjoint(chain, i, first == 1 ? "wantInputGradient" : "true")};");
                return;
            }

            code.Line($"dx.Replace({Adjoint(chain, i, "true")}{(unit.NeedsInput ? "!" : "")});");
            if (live.Contains(i))
            {
                code.Line($"{unit.Name}.Clear();");
            }
        }
    }

    // Makes an activation available under its name: from the tape, or computed again.
    private static void Bring(CodeWriter code, AdjointChain chain, int activation, HashSet<int> live)
    {
        if (live.Contains(activation))
        {
            return;
        }

        AdjointUnit unit = chain.Units[activation - 1];
        if (unit.IsRepeated)
        {
            Bring(code, chain, activation - 1, live);
            code.Line($"using var {unit.Name} = new Activation({Object(unit)}.Forward({Name(chain, activation - 1)}, tape));");
        }
        else
        {
            code.Line($"using var {unit.Name} = new Activation(tape.Take({Naming.Literal(unit.Name)}));");
        }

        live.Add(activation);
    }

    private static string Adjoint(AdjointChain chain, int activation, string want)
    {
        AdjointUnit unit = chain.Units[activation - 1];
        string input = Name(chain, activation - 1), output = Name(chain, activation);
        return unit.Form switch
        {
            AdjointForm.Convolution => $"{Object(unit)}.Backward({input}, dx, tape{(want == "true" ? "" : $", {want}")})",
            AdjointForm.Normalization => $"{Object(unit)}.Backward({input}, {output}, dx, tape{(want == "true" ? "" : $", {want}")})",
            AdjointForm.Rectifier => $"RectifierAdjoint.Backward({output}, dx{(unit.Slope > 0 ? $", {Naming.Literal(unit.Slope.Value)}" : "")})",
            AdjointForm.Rearrangement => unit.Operation.Kind.Invert(unit.Operation, "dx.Value"),
            _ => $"OperationAdjoint.Backward((z, execution) => {unit.Operation.Kind.Apply(unit.Operation, Module(unit), "z")}, {input}, dx, tape, {want})",
        };
    }

    private static string Apply(AdjointUnit unit, string x) => unit.Form switch
    {
        AdjointForm.Convolution or AdjointForm.Normalization => $"{Object(unit)}.Forward({x}, tape)",
        _ => unit.Operation.Kind.Apply(unit.Operation, Module(unit), x),
    };

    private static void Comment(CodeWriter code, AdjointChain chain, int unit)
    {
        LayersModel member = chain.Units[unit].Member;
        if (unit > 0 && chain.Units[unit - 1].Member == member)
        {
            return;
        }

        if (unit > 0)
        {
            code.Line();
        }

        code.Line($"// {member.Name}: {LayerEmitter.Describe(member)}");
    }

    private static string Name(AdjointChain chain, int activation) => activation == 0 ? "input" : chain.Units[activation - 1].Name;

    private static bool HasObject(AdjointUnit unit) => unit.Form is AdjointForm.Convolution or AdjointForm.Normalization;

    private static string Type(AdjointUnit unit) => unit.Form == AdjointForm.Convolution ? "ConvolutionAdjoint" : "NormalizedActivation";

    private static string Module(AdjointUnit unit) => Naming.Field(unit.Member.Name, unit.Operation.Name);

    private static string Object(AdjointUnit unit) => Naming.AdjointField(unit.Member.Name, unit.Operation.Name);
}
