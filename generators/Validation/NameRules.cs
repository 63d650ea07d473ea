using Iqt.Generators.Diagnostics;
using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Validation;

/// <summary>Rules for names: what generated code, or the base class, calls something else may not be declared.</summary>
internal static class NameRules
{
    // Members that generated code declares in every network or residual function.
    private static readonly string[] OfNetworks =
        ["Segments", "Inputs", "Hyperparameters", "Dimensions", "Declaration", "Graph", "RunSegments", "RunSegment", "InvertSegment", "Inverse", "IsInvertible", "Pass"];

    private static readonly string[] OfFunctions = ["Groups", "LastConvolution", "Apply"];

    // Parameters and locals of generated methods.
    private static readonly HashSet<string> Locals = new(StringComparer.OrdinalIgnoreCase) { "device", "dtype", "execution", "inputs", "values", "nn" };

    public static IEnumerable<Finding> Check(Declaration declaration)
    {
        List<string> earlier = [];
        foreach (DeclaredProperty property in Properties(declaration))
        {
            if (!property.IsTakenOver && Taken(property, declaration, earlier) is { } reason)
            {
                yield return new(Rules.ReservedName, new(property.Name), property.Name, reason);
            }

            earlier.Add(property.Name);
        }

        string[] used = Fixed(declaration);
        foreach (string own in declaration.Class.Surroundings.OwnMembers.Where(own => used.Contains(own) || IsUsed(own)))
        {
            yield return new(Rules.ReservedName, new(own), own, "generated code calls something else so");
        }
    }

    private static string? Taken(DeclaredProperty property, Declaration declaration, List<string> earlier)
    {
        string name = property.Name;
        string kind = declaration.Kind == DeclarationKind.Network ? "network" : "residual function";
        List<(string Scope, string Name)> mine = [.. GeneratedNames(name, declaration)];
        return declaration.Class.Surroundings.Inherited.Contains(name) || Fixed(declaration).Contains(name) || name == declaration.Class.Name ? $"every {kind} has a member of that name"
            : Locals.Contains(name) || IsUsed(name) ? "generated code calls something else so"
            : name == ModelBuilder.DefaultInput && declaration is { Kind: DeclarationKind.Network, InputChannels: not null } ? "the input that [Network] declares is called so"
            : Properties(declaration).Any(other => other.IsTakenOver && other.Name == name) ? "the elongated network has a member of that name"
            : earlier.Find(other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase)) is { } twin ? (twin == name ? null : $"{twin} differs only in upper and lower case")
            : earlier.Find(other => GeneratedNames(other, declaration).Intersect(mine).Any()) is { } rival ? $"generated code for {rival} has that name, or one that it gives"
            : declaration.Class.Surroundings.OwnMembers.FirstOrDefault(own => mine.Contains(("class", own))) is { } own ? $"generated code for it would declare {own}, which the class has already"
            : null;
    }

    private static IEnumerable<DeclaredProperty> Properties(Declaration declaration) =>
        declaration.Hyperparameters.Select(h => h.Property).Concat(declaration.Members.Select(m => m.Property));

    private static string[] Fixed(Declaration declaration) => declaration.Kind == DeclarationKind.Network ? OfNetworks : OfFunctions;

    private static bool IsUsed(string name) => UsedNames.Types.Contains(name) || UsedNames.Methods.Contains(name);

    // What a declared member leads to: members of the class, and locals of the constructor and of the forward pass.
    private static IEnumerable<(string Scope, string Name)> GeneratedNames(string name, Declaration declaration)
    {
        yield return ("class", name);
        yield return ("class", Naming.Field(name));
        DeclaredMember? member = declaration.Members.FirstOrDefault(m => m.Name == name);
        if (member is null)
        {
            yield return ("constructor", Naming.Camel(name));
            yield break;
        }

        foreach (string verb in new[] { "Graph", "Forward", "Backward", "Invert" })
        {
            yield return ("class", verb + name);
        }

        foreach (OperationModel operation in new OperationChain(_ => Count.Unknown, 3).Build(member, Count.Unknown).Where(o => o.Name.Length > 0))
        {
            yield return ("class", Naming.Field(name, operation.Name));
        }

        yield return ("constructor", Naming.Camel(name + "Layers"));
        yield return ("graph", Naming.Camel(name));
        if (member.Wiring.Sources.Any(source => source.Attribute != "From"))
        {
            yield return ("graph", Naming.Camel(name + "Input"));
        }
    }
}
