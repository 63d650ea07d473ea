using System.Text.RegularExpressions;
using Iqt.Generators.Diagnostics;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Validation;

/// <summary>Rules for the class as a whole.</summary>
internal static class ClassRules
{
    private static readonly Regex NetworkName = new("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", RegexOptions.CultureInvariant);

    public static IEnumerable<Finding> Check(Declaration declaration)
    {
        DeclaredClass type = declaration.Class;
        bool isNetwork = declaration.Kind == DeclarationKind.Network;
        string kind = isNetwork ? "network" : "residual function";
        string members = isNetwork ? "segments" : "layers";
        if (!type.IsPartial)
        {
            yield return new(Rules.NotPartial, default, type.Name, kind);
        }

        if (type.Obstacle is { } obstacle)
        {
            yield return new(Rules.UnsupportedClass, default, type.Name, kind, obstacle);
        }

        if (type.SpansFiles)
        {
            yield return new(Rules.SeveralFiles, default, type.Name, members);
        }

        if (declaration.Members.All(member => member.IsInput || member.Property.IsTakenOver) && declaration.Elongation is null or { IsNetwork: true })
        {
            yield return new(Rules.NoMembers, default, type.Name, members, DeclarationParser.MemberType(declaration.Kind));
        }

        if (isNetwork && !NetworkName.IsMatch(declaration.Name))
        {
            yield return new(Rules.BadName, new(AttributeIndex: 0, Argument: "name"), declaration.Name, Suggestion(type.Name));
        }

        if (isNetwork && declaration.Elongation is null)
        {
            foreach (Finding finding in Header(declaration))
            {
                yield return finding;
            }
        }
    }

    private static IEnumerable<Finding> Header(Declaration declaration)
    {
        if (declaration.InputChannels is null && !declaration.Members.Any(member => member.IsInput))
        {
            yield return new(Rules.OutOfRange, new(AttributeIndex: 0, Argument: "InputChannels"), "InputChannels", 0, "at least 1");
        }

        if (declaration.InputChannels is { Number: < 1 and var channels })
        {
            yield return new(Rules.OutOfRange, new(AttributeIndex: 0, Argument: "InputChannels"), "InputChannels", channels, "at least 1");
        }
        else if (declaration.InputChannels is { Number: null } setting && declaration.Hyperparameters.All(h => h.Property.Name != setting.Hyperparameter))
        {
            yield return SettingRules.Unknown(setting, new(AttributeIndex: 0, Argument: "InputChannels"), declaration);
        }

        if (declaration.Dimensions is not (2 or 3))
        {
            yield return new(Rules.OutOfRange, new(AttributeIndex: 0, Argument: "Dimensions"), "Dimensions", declaration.Dimensions, "2 or 3");
        }
    }

    // EspcnRn → espcn-rn
    private static string Suggestion(string className) =>
        Regex.Replace(className, "(?<=[a-z0-9])([A-Z])", "-$1").ToLowerInvariant();
}
