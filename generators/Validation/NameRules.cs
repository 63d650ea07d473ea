using Iqt.Generators.Diagnostics;
using Iqt.Generators.Models;
using Iqt.Generators.Parsing;

namespace Iqt.Generators.Validation;

/// <summary>Rules for names: what generated code, or the base class, calls something else may not be declared.</summary>
internal static class NameRules
{
    // Members that generated code declares in every network or residual function.
    private static readonly string[] OfNetworks =
        ["Segments", "Inputs", "Hyperparameters", "Dimensions", "Declaration", "Graph", "RunSegments", "RunSegment", "InvertSegment", "Inverse", "IsInvertible", Naming.NestedClass, GeneratedNames.SegmentsField];

    private static readonly string[] OfFunctions = ["Groups", "LastConvolution", "Apply", "Run", "Backward", "Steps", "Sizes"];

    // Parameters and locals of generated methods.
    private static readonly HashSet<string> Locals = new(StringComparer.OrdinalIgnoreCase) { "device", "dtype", "execution", "inputs", "values", "nn" };

    public static IEnumerable<Finding> Check(Declaration declaration)
    {
        // Wherever own segments are placed among them: nobody can rename those that are taken over.
        List<DeclaredProperty> takenOver = [.. Properties(declaration).Where(property => property.IsTakenOver)];
        List<string> earlier = [.. takenOver.Select(property => property.Name)];
        foreach (DeclaredProperty property in Properties(declaration).Where(property => !property.IsTakenOver))
        {
            if (Taken(property, declaration, earlier) is { } reason)
            {
                yield return new(Rules.ReservedName, new(property.Name), property.Name, reason);
            }

            earlier.Add(property.Name);
        }

        // Behind the completion even the attribute would mean the nested class.
        foreach (DeclaredMember member in declaration.Members.Where(member => declaration.Kind == DeclarationKind.Network && !member.Property.IsTakenOver))
        {
            foreach (DeclaredOperation operation in member.Operations.Where(operation => operation.Types.Any(type => type.Name == Naming.NestedClass)))
            {
                yield return new(Rules.ReservedName, new(member.Name, operation.AttributeIndex), Naming.NestedClass, $"generated code nests a class of that name in {declaration.Class.Name}, where it would hide this one");
            }
        }

        string[] used = Fixed(declaration);
        HashSet<string> given = [.. takenOver.SelectMany(property => GeneratedNames.OfClass(property.Name, declaration))];
        string? OfElongated(string name) => given.Contains(name) ? "the elongated network has a member of that name, or one for which generated code declares it" : null;
        foreach (string own in declaration.Class.Surroundings.OwnMembers)
        {
            if ((used.Contains(own) || IsUsed(own) ? "generated code calls something else so" : OfElongated(own)) is { } reason)
            {
                yield return new(Rules.ReservedName, new(own), own, reason);
            }
        }

        string name = declaration.Class.Name;
        if ((used.Contains(name) ? "generated code calls a member of it so" : OfElongated(name)) is { } fault)
        {
            yield return new(Rules.ReservedName, default, name, fault);
        }
    }

    private static string? Taken(DeclaredProperty property, Declaration declaration, List<string> earlier)
    {
        string name = property.Name;
        string kind = declaration.Kind == DeclarationKind.Network ? "network" : "residual function";
        List<(string Scope, string Name)> mine = [.. GeneratedNames.Of(name, declaration)];
        return declaration.Class.Surroundings.Inherited.Contains(name) || Fixed(declaration).Contains(name) || name == declaration.Class.Name ? $"every {kind} has a member of that name"
            : Locals.Contains(name) || IsUsed(name) ? "generated code calls something else so"
            : name == ModelBuilder.DefaultInput && declaration is { Kind: DeclarationKind.Network, InputChannels: not null } ? "the input that [Network] declares is called so"
            : Properties(declaration).Any(other => other.IsTakenOver && other.Name == name) ? "the elongated network has a member of that name"
            : earlier.Find(other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase)) is { } twin ? (twin == name ? null : $"{twin} differs only in upper and lower case")
            : earlier.Find(other => GeneratedNames.Of(other, declaration).Intersect(mine).Any()) is { } rival ? $"generated code for {rival} has that name, or one that it gives"
            : declaration.Class.Surroundings.OwnMembers.Append(declaration.Class.Name).FirstOrDefault(own => mine.Contains(("class", own))) is { } own
                ? $"generated code for it would declare {own}, which the class {(own == declaration.Class.Name ? "itself is called" : "has already")}"
            : null;
    }

    private static IEnumerable<DeclaredProperty> Properties(Declaration declaration) =>
        declaration.Hyperparameters.Select(h => h.Property).Concat(declaration.Members.Select(m => m.Property));

    private static string[] Fixed(Declaration declaration) => declaration.Kind == DeclarationKind.Network ? OfNetworks : OfFunctions;

    private static bool IsUsed(string name) => UsedNames.Types.Contains(name) || UsedNames.Methods.Contains(name);
}
