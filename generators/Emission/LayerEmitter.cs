using Iqt.Generators.Models;
using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Emission;

/// <summary>Writes chains of layers: fields, construction, application, description.</summary>
internal static class LayerEmitter
{
    public static void Fields(CodeWriter code, LayersModel member)
    {
        foreach (OperationModel operation in member.Operations.Where(o => o.Name.Length > 0))
        {
            code.Line($"private readonly {operation.Kind.ModuleType(operation)} {Naming.Field(member.Name, operation.Name)};");
        }
    }

    /// <summary>Makes the layers and registers them under readable names, <c>layer1.conv.weight</c>.</summary>
    public static void Construct(CodeWriter code, LayersModel member)
    {
        string group = Naming.Camel(member.Name + "Layers");
        code.Line($"var {group} = new LayerGroup({Naming.Literal(member.Name)});");
        foreach (OperationModel operation in member.Operations.Where(o => o.Name.Length > 0))
        {
            code.Line($"{Naming.Field(member.Name, operation.Name)} = {group}.Add(\"{operation.Name}\", {operation.Kind.Construct(operation)});");
        }

        code.Line($"register_module({Naming.Literal(Naming.Camel(member.Name))}, {group});");
    }

    /// <summary>
    /// Applies the operations. With <paramref name="started"/> false, the first reads <c>input</c>, which is
    /// not changed, and opens the activation <c>x</c>.
    /// </summary>
    public static void Apply(CodeWriter code, LayersModel member, bool started)
    {
        foreach (OperationModel operation in member.Operations)
        {
            if (started && operation.InPlace && operation.Kind.ApplyInPlace(operation, "x.Value") is { } statement)
            {
                code.Line(statement);
                continue;
            }

            string value = Value(member, operation, started ? "x.Value" : "input");
            code.Line(started ? $"x.Replace({value});" : $"using var x = new Activation({value});");
            started = true;
        }
    }

    // A convolution knows in which type to convolve: a step may ask for another than the parameters'.
    private static string Value(LayersModel member, OperationModel operation, string x)
    {
        string module = Naming.Field(member.Name, operation.Name);
        return operation.Kind.Adjoint(operation) == AdjointForm.Convolution ? $"{Naming.AdjointField(member.Name, operation.Name)}.Apply({x}, execution)" : operation.Kind.Apply(operation, module, x);
    }

    /// <summary>The body of a method that applies the operations to <c>input</c>.</summary>
    public static void Body(CodeWriter code, LayersModel member)
    {
        if (member.Operations.Count == 0)
        {
            code.Line("return input.alias();");
            return;
        }

        if (member.Operations.Count == 1)
        {
            OperationModel only = member.Operations[0];
            code.Line($"return {Value(member, only, "input")};");
            return;
        }

        Apply(code, member, started: false);
        code.Line("return x.Release();");
    }

    /// <summary>Undoes a rearrangement, last operation first.</summary>
    public static void Invert(CodeWriter code, LayersModel member)
    {
        if (member.Operations.Count == 0)
        {
            code.Line("return output.alias();");
            return;
        }

        if (member.Operations.Count == 1)
        {
            code.Line($"return {member.Operations[0].Kind.Invert(member.Operations[0], "output")};");
            return;
        }

        bool started = false;
        foreach (OperationModel operation in member.Operations.Reverse())
        {
            string value = operation.Kind.Invert(operation, started ? "x.Value" : "output");
            code.Line(started ? $"x.Replace({value});" : $"using var x = new Activation({value});");
            started = true;
        }

        code.Line("return x.Release();");
    }

    /// <summary>For comments and descriptions: <c>Conv3d 6→50 kernel 3, ReLU</c>.</summary>
    public static string Describe(LayersModel member, bool interpolated = false)
    {
        if (member.Operations.Count == 0)
        {
            return member.Junction == "None" ? "nothing" : member.Junction;
        }

        string Show(Count count) => interpolated ? count.Interpolated : count.Code;
        return string.Join(", ", member.Operations.Select(operation => operation.Kind.Describe(operation, Show)));
    }

    /// <summary>What <see cref="Sizes"/> gives for operations none of which has to do with the size.</summary>
    public const string KeepsSizes = "SpatialMap.Identity";

    /// <summary>The expression for how operations change the size.</summary>
    public static string Sizes(IReadOnlyList<OperationModel> operations)
    {
        List<string> steps = [.. operations.Select(operation => operation.Kind.Step(operation)?.Code).OfType<string>()];
        return steps.Count == 0 ? KeepsSizes : $"new({string.Join(", ", steps)})";
    }
}
