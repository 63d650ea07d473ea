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

        if (declaration.Members.Count == 0)
        {
            yield return new(Rules.NoMembers, default, type.Name, members, DeclarationParser.MemberType(declaration.Kind));
        }

        if (isNetwork && !NetworkName.IsMatch(declaration.Name))
        {
            yield return new(Rules.BadName, new(AttributeIndex: 0, Argument: "name"), declaration.Name, Suggestion(type.Name));
        }

        if (isNetwork && declaration.InputChannels < 1)
        {
            yield return new(Rules.OutOfRange, new(AttributeIndex: 0, Argument: "InputChannels"), "InputChannels", declaration.InputChannels, 1);
        }
    }

    // EspcnRn → espcn-rn
    private static string Suggestion(string className) =>
        Regex.Replace(className, "(?<=[a-z0-9])([A-Z])", "-$1").ToLowerInvariant();
}
