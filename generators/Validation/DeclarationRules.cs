using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Validation;

/// <summary>All rules together. A declaration without findings can be written out.</summary>
internal static class DeclarationRules
{
    public static IReadOnlyList<Finding> Check(Declaration declaration)
    {
        List<Finding> findings = [.. ClassRules.Check(declaration), .. MemberRules.Check(declaration)];
        if (declaration.Kind == DeclarationKind.Network)
        {
            NetworkModel network = ModelBuilder.Network(declaration);
            findings.AddRange(SettingRules.Check(declaration, network.Hyperparameters));
            AddIfSound(findings, () => ShapeRules.Check(network));
        }
        else
        {
            findings.AddRange(SettingRules.Check(declaration, default));
            AddIfSound(findings, () => ShapeRules.Check(ModelBuilder.ResidualFunction(declaration)));
        }

        return findings;
    }

    // Shapes worked out from broken parts would only repeat what was said already, in stranger words.
    private static void AddIfSound(List<Finding> findings, Func<IEnumerable<Finding>> shapes)
    {
        if (findings.Count == 0)
        {
            findings.AddRange(shapes());
        }
    }
}
