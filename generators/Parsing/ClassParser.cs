using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iqt.Generators.Parsing;

/// <summary>Reads the form of a class that generated code is to complete.</summary>
internal static class ClassParser
{
    private static readonly string[] Markers = [AttributeNames.Network, AttributeNames.Elongate, AttributeNames.ResidualFunction];

    /// <summary>The attribute that makes a class a declaration: the first in this order, if there are several.</summary>
    public static AttributeData? Marker(ISymbol type) => Markers.Select(type.FindAttribute).FirstOrDefault(marker => marker is not null);

    public static DeclaredClass Parse(INamedTypeSymbol type, DeclarationKind kind, bool spansFiles, IReadOnlyList<string> declared)
    {
        INamedTypeSymbol[] nesting = [.. Nesting(type)];
        string ns = type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted));
        return new DeclaredClass(
            ns,
            type.Name,
            new(nesting.Select(Header)),
            FileName.Of(type),
            type.Summary(),
            IsPartial(type),
            Obstacle(type, kind),
            IsOpen: nesting.All(IsPartial) && !type.IsFileLocal,
            spansFiles,
            new DeclaredSurroundings(
                new(Surroundings.OwnMembers(type).Except(declared)),
                new(Surroundings.Inherited(type, kind, declared)),
                new(Surroundings.Shadowing(type)),
                Surroundings.HidesNamespaces(type)));
    }

    private static string? Obstacle(INamedTypeSymbol type, DeclarationKind kind)
    {
        string baseName = kind == DeclarationKind.Network ? "Network" : "ResidualFunction";
        return type.IsStatic ? "is static"
            : type.IsAbstract ? "is abstract"
            : type.IsRecord ? "is a record"
            : type.IsGenericType ? "is generic"
            : type.ContainingType is not null ? $"is nested in {type.ContainingType.Name}"
            : type.IsFileLocal ? "is visible in its file only"
            : type.BaseType is { SpecialType: not SpecialType.System_Object } other && !(other.Name == baseName && other.IsIn(AttributeNames.Namespace)) ? $"already derives from {other.Name}"
            : type.InstanceConstructors.Any(c => !c.IsImplicitlyDeclared && !c.IsGenerated()) ? "has a constructor of its own"
            : type.GetAttributes().Any(a => a.AttributeClass?.MetadataName == AttributeNames.Description && !a.IsGenerated()) ? "describes itself already"
            : Markers.Count(marker => type.FindAttribute(marker) is not null) > 1 ? "is declared as something else as well"
            : null;
    }

    // From outside in, the class itself last.
    private static IEnumerable<INamedTypeSymbol> Nesting(INamedTypeSymbol type) =>
        type.ContainingType is { } outer ? Nesting(outer).Append(type) : [type];

    private static bool IsPartial(INamedTypeSymbol type) => type.DeclaringSyntaxReferences
        .Select(reference => reference.GetSyntax())
        .OfType<TypeDeclarationSyntax>()
        .All(declaration => declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static string Header(INamedTypeSymbol type)
    {
        string keyword = (type.IsRecord, type.TypeKind) switch
        {
            (true, TypeKind.Struct) => "record struct",
            (true, _) => "record",
            (_, TypeKind.Struct) => "struct",
            (_, TypeKind.Interface) => "interface",
            _ => "class",
        };
        return $"partial {keyword} {type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat.WithGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeParameters))}";
    }
}
