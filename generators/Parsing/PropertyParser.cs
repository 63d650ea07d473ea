using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iqt.Generators.Parsing;

/// <summary>Reads the form of a property that generated code is to implement.</summary>
internal static class PropertyParser
{
    private static readonly SyntaxKind[] Accessibilities =
        [SyntaxKind.PublicKeyword, SyntaxKind.InternalKeyword, SyntaxKind.ProtectedKeyword, SyntaxKind.PrivateKeyword];

    private static readonly SymbolDisplayFormat WithNullability = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    public static DeclaredProperty Parse(IPropertySymbol property)
    {
        // An implementing part repeats every modifier, an accessibility that is left out included.
        SyntaxToken[] modifiers = [.. Modifiers(property).Where(modifier => !modifier.IsKind(SyntaxKind.PartialKeyword))];
        string? other = modifiers.Where(modifier => !Accessibilities.Contains(modifier.Kind())).Select(modifier => modifier.Text).FirstOrDefault();
        string? obstacle =
            !property.IsPartialDefinition ? "it is not partial"
            : property.PartialImplementationPart is { } part && !part.IsGenerated() ? "it has an implementing part of its own"
            : property.SetMethod is not null ? "it has a setter"
            : property.GetMethod is null ? "it has no getter"
            : property.IsIndexer ? "it is an indexer"
            : property.ExplicitInterfaceImplementations.Length > 0 ? "it implements an interface explicitly"
            : property.RefKind != RefKind.None ? "it returns by reference"
            : other is not null ? $"it is {other}"
            : null;
        return new DeclaredProperty(
            property.Name,
            string.Join(" ", modifiers.Select(modifier => modifier.Text)),
            TypeName(property.Type),
            property.Type.ToDisplayString(WithNullability),
            property.Summary(),
            obstacle,
            Accessors(property),
            CanImplement(property));
    }

    private static SyntaxTokenList Modifiers(IPropertySymbol property) => property.DeclaringSyntaxReferences
        .Select(reference => reference.GetSyntax())
        .OfType<BasePropertyDeclarationSyntax>()
        .Select(syntax => syntax.Modifiers)
        .FirstOrDefault();

    // Segment, Layers and int, or what else it is, for a message.
    private static string TypeName(ITypeSymbol type) =>
        type.NullableAnnotation != NullableAnnotation.Annotated && type is INamedTypeSymbol { IsGenericType: false } named && named.IsIn(AttributeNames.Namespace) ? type.Name
        : type.SpecialType == SpecialType.System_Int32 ? "int"
        : type.ToDisplayString();

    private static string Accessors(IPropertySymbol property)
    {
        string get = property.GetMethod is null ? "" : "get";
        string set = property.SetMethod is not { } setter ? "" : setter.IsInitOnly ? "init" : "set";
        return $"{get} {set}".Trim();
    }

    private static bool CanImplement(IPropertySymbol property) =>
        property is { IsPartialDefinition: true, IsIndexer: false, RefKind: RefKind.None, IsAbstract: false, IsExtern: false }
            && (property.PartialImplementationPart is not { } part || part.IsGenerated())
            && property.ExplicitInterfaceImplementations.Length == 0;
}
