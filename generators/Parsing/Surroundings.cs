using Microsoft.CodeAnalysis;

namespace Iqt.Generators.Parsing;

/// <summary>Looks for names that would mean something else in generated code than where they are declared.</summary>
internal static class Surroundings
{
    /// <summary>Members of the class, its own types included, that generated code does not declare.</summary>
    public static IEnumerable<string> OwnMembers(INamedTypeSymbol type) => type.GetMembers()
        .Where(member => !member.IsGenerated() && !member.IsImplicitlyDeclared && member.CanBeReferencedByName)
        .Select(member => member.Name)
        .Distinct();

    /// <summary>Those of the names that the class inherits when it is completed.</summary>
    public static IEnumerable<string> Inherited(INamedTypeSymbol type, DeclarationKind kind, IEnumerable<string> names)
    {
        string completed = AttributeNames.Full(kind == DeclarationKind.Network ? "Network" : "ResidualFunction");
        INamedTypeSymbol? ancestor = ClassParser.Marker(type)?.AttributeClass?.ContainingAssembly.GetTypeByMetadataName(completed);
        HashSet<string> found = new(StringComparer.Ordinal);
        for (; ancestor is not null; ancestor = ancestor.BaseType)
        {
            found.UnionWith(ancestor.GetMembers().Where(IsVisible).Select(member => member.Name));
        }

        return names.Where(found.Contains).Distinct();
    }

    /// <summary>
    /// Types beside the class, itself included, and namespaces that hide a type that generated code means. Outer namespaces
    /// hide none: the usings of generated code stand inside the innermost.
    /// </summary>
    public static IEnumerable<string> Shadowing(INamedTypeSymbol type) => type.ContainingNamespace.ToDisplayString() == AttributeNames.Namespace
        ? []
        : UsedNames.Types.Where(used => type.ContainingNamespace.GetMembers(used).Any());

    /// <summary>Whether a namespace around the class has a member that is called like the root of a namespace that generated code uses.</summary>
    public static bool HidesNamespaces(INamedTypeSymbol type)
    {
        for (INamespaceSymbol ns = type.ContainingNamespace; !ns.IsGlobalNamespace; ns = ns.ContainingNamespace)
        {
            if (UsedNames.Namespaces.Any(root => ns.GetMembers(root).Any()))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsVisible(ISymbol member) =>
        member.CanBeReferencedByName && member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;
}
