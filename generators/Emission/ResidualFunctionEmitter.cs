using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Emission;

/// <summary>Writes a residual function: constructor, application, description.</summary>
internal static class ResidualFunctionEmitter
{
    public static string Emit(ResidualFunctionModel function)
    {
        string name = function.Class.Name;
        FunctionShape shape = function.Shape;
        CodeWriter code = GeneratedFile.Begin(
            function.Class,
            "residual function",
            " : ResidualFunction",
            [$"[DeclarationDescription(\"{shape.Dimensions} {shape.Multiple} {shape.Smallest}\")]"],
            "System.Collections.Generic", "Iqt.Reversible", "Iqt.Reversible.Adjoints", "TorchSharp", "TorchSharp.Modules", "static TorchSharp.torch");
        var chain = new AdjointChain(function.Groups);
        foreach (LayersModel group in function.Groups)
        {
            LayerEmitter.Fields(code, group);
        }

        AdjointEmitter.Fields(code, chain);
        code.Line();
        code.Line("/// <summary>Builds the function with fresh parameters.</summary>");
        code.Line("/// <param name=\"channels\">Channels of input and output: half of the stack's.</param>");
        code.Line("/// <param name=\"device\">Where the parameters lie; the default device if not given.</param>");
        code.Line("/// <param name=\"dtype\">Their type; float32 if not given.</param>");
        code.Line($"public {function.Class.Identifier}(int channels, Device? device = null, ScalarType? dtype = null)");
        code.Open($"    : base({Naming.Literal(name)})");
        foreach (LayersModel group in function.Groups.Where(group => group.HasModules))
        {
            code.Line();
            code.Line($"// {group.Name}: {LayerEmitter.Describe(group)}");
            LayerEmitter.Construct(code, group);
        }

        code.Line();
        AdjointEmitter.Construct(code, chain);
        code.Close();
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line("public override IReadOnlyList<Layers> Groups => [" + string.Join(", ", function.Groups.Select(g => g.Property.Identifier)) + "];");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line($"public override Convolution? LastConvolution => {LastConvolution(function)};");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line($"public override IReadOnlyList<LayerStep> Steps(int channels) =>{LayerStepEmitter.List(chain)};");
        string sizes = LayerEmitter.Sizes([.. function.Groups.SelectMany(group => group.Operations)]);
        if (sizes != LayerEmitter.KeepsSizes)
        {
            code.Line();
            code.Line("/// <inheritdoc/>");
            code.Line($"public override SpatialMap Sizes => {sizes};");
        }

        foreach (LayersModel group in function.Groups)
        {
            code.Line();
            code.Line($"{DescriptionEmitter.Head(group.Property)} Layers {group.Property.Identifier} => new({Naming.Literal(group.Name)}, {Naming.Literal(LayerEmitter.Describe(group))});");
        }

        Apply(code, function);
        Adjoint(code, chain);
        return GeneratedFile.End(code, function.Class);
    }

    private static void Adjoint(CodeWriter code, AdjointChain chain)
    {
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Open("public override Tensor Run(Tensor input, Tape tape)");
        AdjointEmitter.Run(code, chain);
        code.Close();
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Open("public override Tensor? Backward(Tensor input, Tape tape, Tensor gradient, bool wantInputGradient)");
        AdjointEmitter.Backward(code, chain);
        code.Close();
    }

    private static void Apply(CodeWriter code, ResidualFunctionModel function)
    {
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Open("public override Tensor Apply(Tensor input, Execution execution)");
        bool started = false;
        foreach (LayersModel group in function.Groups)
        {
            if (started)
            {
                code.Line();
            }

            code.Line($"// {group.Name}: {LayerEmitter.Describe(group)}");
            LayerEmitter.Apply(code, group, started);
            started = true;
        }

        code.Line("return x.Release();");
        code.Close();
    }

    private static string LastConvolution(ResidualFunctionModel function) =>
        function.Groups
            .SelectMany(group => group.Operations.Where(o => o.Kind.ModuleName == "conv").Select(conv => Naming.Field(group.Name, conv.Name)))
            .LastOrDefault() ?? "null";
}
