using System.Text.RegularExpressions;
using Iqt.Generators.Diagnostics;
using Iqt.Generators.Parsing;
using Iqt.Generators.Vocabulary;

namespace Iqt.Generators.Validation;

/// <summary>Rules for the class as a whole.</summary>
internal static class ClassRules
{
    private static readonly Regex NetworkName = new("^[a-z][a-z0-9]*(-[a-z0-9]+)*\\z", RegexOptions.CultureInvariant);

    /// <summary>Whether a network can be called so on the command line and in files.</summary>
    public static bool IsName(string name) => NetworkName.IsMatch(name) && name.Length <= 100;

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

        foreach (string shadowing in type.Surroundings.Shadowing)
        {
            yield return new(Rules.ReservedName, default, type.Name, shadowing == type.Name ? $"generated code uses another class {shadowing}" : $"beside it stands {shadowing}, and generated code uses another class of that name");
        }

        if (type.SpansFiles)
        {
            yield return new(Rules.SeveralFiles, default, type.Name, members);
        }

        if (declaration.Members.All(member => member.IsInput || member.Property.IsTakenOver) && declaration.Elongation is null or { IsNetwork: true } && type.Obstacle is null)
        {
            yield return new(Rules.NoMembers, default, type.Name, members, DeclarationParser.MemberType(declaration.Kind));
        }

        if (isNetwork && !IsName(declaration.Name))
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
        if (declaration.InputChannels is null && declaration.Members.Count > 0 && !declaration.Members.Any(member => member.IsInput))
        {
            yield return new(Rules.OutOfRange, new(AttributeIndex: 0, Argument: "InputChannels"), "InputChannels", "not given", "at least 1; inputs of their own are properties marked [Input]");
        }

        if (declaration.InputChannels is { } setting
            && SettingRules.Judge(new NumberRule("InputChannels", setting) { Minimum = 1 }, new(AttributeIndex: 0, Argument: "InputChannels"), "InputChannels", declaration) is { } finding)
        {
            yield return finding;
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
