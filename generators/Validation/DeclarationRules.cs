using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Validation;

/// <summary>All rules together.</summary>
internal static class DeclarationRules
{
    public static IReadOnlyList<Finding> Check(Declaration declaration)
    {
        if (declaration.Kind == DeclarationKind.ResidualFunction)
        {
            ResidualFunctionModel function = ModelBuilder.ResidualFunction(declaration);
            return InStages(
                () => [.. ClassRules.Check(declaration), .. MemberRules.Check(declaration), .. NameRules.Check(declaration), .. WiringRules.Check(declaration)],
                () => [.. SettingRules.Check(declaration, default), .. LayerRules.Check(function.Groups, function.Dimensions, "residual function")],
                () => FunctionRules.Check(function));
        }

        if (declaration.Elongation is { IsBroken: true })
        {
            return [];
        }

        NetworkModel network = ModelBuilder.Network(declaration);
        return InStages(
            () => [.. ClassRules.Check(declaration), .. ElongationRules.Check(declaration)],
            () => [.. MemberRules.Check(declaration), .. NameRules.Check(declaration), .. WiringRules.Check(declaration)],
            () => [.. SettingRules.Check(declaration, network.Hyperparameters), .. LayerRules.Check(network.Segments.OfType<LayersModel>(), network.Dimensions, "network"), .. StackRules.CheckTypes(network)],
            () => [.. ChannelRules.Check(network), .. WiringRules.CheckReaders(network)],
            () => SizeRules.Check(network));
    }

    /// <summary>
    /// Whether generated code can complete the class: it breaks no rule, and nothing that it builds on does, which is reported
    /// there and only there.
    /// </summary>
    public static bool CanBeWritten(Declaration declaration) =>
        declaration.Elongation is not { IsBroken: true }
            && declaration.Members.All(member => member.Operations.All(operation => operation.Types.All(type => type.Role != TypeRole.Broken)))
            && Check(declaration).Count == 0;

    // What is worked out from broken parts would only repeat what was said already, in stranger words.
    private static IReadOnlyList<Finding> InStages(params Func<IEnumerable<Finding>>[] stages) =>
        stages.Select(stage => (IReadOnlyList<Finding>)[.. stage()]).FirstOrDefault(findings => findings.Count > 0) ?? [];
}
