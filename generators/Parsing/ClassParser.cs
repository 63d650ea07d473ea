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

    public static DeclaredClass Parse(INamedTypeSymbol type, bool spansFiles)
    {
        bool isPartial = type.DeclaringSyntaxReferences
            .Select(reference => reference.GetSyntax())
            .OfType<TypeDeclarationSyntax>()
            .All(declaration => declaration.Modifiers.Any(SyntaxKind.PartialKeyword));
        string? obstacle =
            type.IsStatic ? "is static"
            : type.IsAbstract ? "is abstract"
            : type.IsRecord ? "is a record"
            : type.IsGenericType ? "is generic"
            : type.ContainingType is not null ? $"is nested in {type.ContainingType.Name}"
            : type.BaseType is { SpecialType: not SpecialType.System_Object } other && !other.IsIn(AttributeNames.Namespace) ? $"already derives from {other.Name}"
            : type.InstanceConstructors.Any(c => !c.IsImplicitlyDeclared && !c.IsGenerated()) ? "has a constructor of its own"
            : Markers.Count(marker => type.FindAttribute(marker) is not null) > 1 ? "is declared as something else as well"
            : null;
        return new DeclaredClass(
            type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(),
            type.Name,
            Header(type),
            type.Summary(),
            isPartial,
            obstacle,
            IsNested: type.ContainingType is not null,
            spansFiles);
    }

    private static string Header(INamedTypeSymbol type)
    {
        string parameters = type.IsGenericType ? $"<{string.Join(", ", type.TypeParameters.Select(p => p.Name))}>" : "";
        return $"partial {(type.IsRecord ? "record" : "class")} {type.Name}{parameters}";
    }
}
