using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Validation;

/// <summary>All rules together. A declaration without findings can be written out.</summary>
internal static class DeclarationRules
{
    public static IReadOnlyList<Finding> Check(Declaration declaration)
    {
        if (declaration.Kind == DeclarationKind.ResidualFunction)
        {
            ResidualFunctionModel function = ModelBuilder.ResidualFunction(declaration);
            return InStages(
                () => [.. ClassRules.Check(declaration), .. MemberRules.Check(declaration)],
                () => [.. SettingRules.Check(declaration, default), .. LayerRules.Check(function.Groups, function.Dimensions, "residual function")],
                () => FunctionRules.Check(function));
        }

        NetworkModel network = ModelBuilder.Network(declaration);
        return InStages(
            () => [.. ClassRules.Check(declaration), .. ElongationRules.Check(declaration)],
            () => [.. MemberRules.Check(declaration), .. WiringRules.Check(declaration)],
            () => [.. SettingRules.Check(declaration, network.Hyperparameters), .. LayerRules.Check(network.Segments.OfType<LayersModel>(), network.Dimensions, "network"), .. StackRules.CheckTypes(network)],
            () => [.. ChannelRules.Check(network), .. WiringRules.CheckReaders(network)],
            () => SizeRules.Check(network));
    }

    // What is worked out from broken parts would only repeat what was said already, in stranger words.
    private static IReadOnlyList<Finding> InStages(params Func<IEnumerable<Finding>>[] stages) =>
        stages.Select(stage => (IReadOnlyList<Finding>)[.. stage()]).FirstOrDefault(findings => findings.Count > 0) ?? [];
}
