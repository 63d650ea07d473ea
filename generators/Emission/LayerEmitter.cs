using System.Globalization;
using Iqt.Generators.Models;

namespace Iqt.Generators.Emission;

/// <summary>Writes chains of layers: fields, construction, application, description.</summary>
internal static class LayerEmitter
{
    public static void Fields(CodeWriter code, LayersModel member)
    {
        foreach (OperationModel operation in member.Operations)
        {
            switch (operation)
            {
                case ConvolutionModel conv:
                    code.Line($"private readonly Conv3d {Naming.Field(member.Name, conv.Name)};");
                    break;
                case BatchNormModel norm:
                    code.Line($"private readonly BatchNorm3d {Naming.Field(member.Name, norm.Name)};");
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Makes the layers and registers them under readable names, <c>layer1.conv.weight</c>.</summary>
    public static void Construct(CodeWriter code, LayersModel member)
    {
        if (!member.HasParameters)
        {
            return;
        }

        string group = Naming.Parameter(member.Name + "Layers");
        code.Line();
        code.Line($"// {member.Name}: {Describe(member)}");
        code.Line($"var {group} = new LayerGroup({Naming.Literal(member.Name)});");
        foreach (OperationModel operation in member.Operations)
        {
            switch (operation)
            {
                case ConvolutionModel conv:
                    string bias = conv.Bias ? "" : ", bias: false";
                    code.Line($"{Naming.Field(member.Name, conv.Name)} = {group}.Add(\"{conv.Name}\", nn.Conv3d({conv.Input.Code}, {conv.Output.Code}, kernel_size: {Long(conv.Kernel)}, padding: {Long(conv.Padding)}{bias}, device: device, dtype: dtype));");
                    break;
                case BatchNormModel norm:
                    code.Line($"{Naming.Field(member.Name, norm.Name)} = {group}.Add(\"{norm.Name}\", nn.BatchNorm3d({norm.Input.Code}, eps: {Number(norm.Epsilon)}, momentum: {Number(norm.Momentum)}, device: device, dtype: dtype));");
                    break;
                default:
                    break;
            }
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
            if (started && operation is ReluModel { InPlace: true })
            {
                code.Line("x.Value.relu_();");
                continue;
            }

            string source = started ? "x" : "input";
            string value = operation switch
            {
                ConvolutionModel conv => $"{Naming.Field(member.Name, conv.Name)}.call({source})",
                BatchNormModel norm => $"BatchNormalization.Apply({Naming.Field(member.Name, norm.Name)}, {source}, execution)",
                VoxelShuffleModel shuffle => $"VoxelShuffle.Apply({source}, {shuffle.Rate})",
                _ => $"nn.functional.relu({source})",
            };
            code.Line(started ? $"x.Replace({value});" : $"using var x = new Activation({value});");
            started = true;
        }
    }

    /// <summary>For comments and descriptions: <c>Conv3d 6→50 kernel 3, ReLU</c>.</summary>
    public static string Describe(LayersModel member, bool interpolated = false)
    {
        string Show(Count count) => interpolated ? count.Interpolated : count.Code;
        return string.Join(", ", member.Operations.Select(operation => operation switch
        {
            ConvolutionModel conv => $"Conv3d {Show(conv.Input)}→{Show(conv.Output)} kernel {Show(conv.Kernel)}{(conv.Padding.Code == "0" ? "" : " padding " + Show(conv.Padding))}",
            BatchNormModel => "BatchNorm",
            VoxelShuffleModel shuffle => $"VoxelShuffle {shuffle.Rate}",
            _ => "ReLU",
        }));
    }

    /// <summary>The expression for how the member changes the size.</summary>
    public static string Relation(LayersModel member)
    {
        IEnumerable<string> relations = member.Operations
            .Select(operation => operation switch
            {
                ConvolutionModel { Loss: 0, Kernel.IsLiteral: true, Padding.IsLiteral: true } => "",
                ConvolutionModel conv => $"SpatialRelation.Convolution({conv.Kernel.Code}, {conv.Padding.Code})",
                VoxelShuffleModel shuffle => $"SpatialRelation.Shuffle({shuffle.Rate})",
                _ => "",
            })
            .Where(relation => relation.Length > 0);
        string chain = relations.Aggregate("", (all, next) => all.Length == 0 ? next : $"{all}.Then({next})");
        return chain.Length == 0 ? "SpatialRelation.Identity" : chain;
    }

    // Typed, so that the overload with one edge length is meant.
    private static string Long(Count count) => count.IsLiteral ? count.Code + "L" : $"(long){count.Code}";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
