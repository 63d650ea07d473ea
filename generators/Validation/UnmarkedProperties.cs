using System.Collections.Immutable;
using Iqt.Generators.Diagnostics;
using Iqt.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iqt.Generators.Validation;

/// <summary>
/// Partial properties that look like a declaration's and that no generated code completes, because an attribute was forgotten:
/// the class's, or a hyperparameter's. The compiler ends with CS9248 before it runs any analyzer, so the generator reports them.
/// </summary>
internal static class UnmarkedProperties
{
    /// <summary>Whether a class may have one, by its syntax alone.</summary>
    public static bool Includes(SyntaxNode node) => node is ClassDeclarationSyntax type && Candidates(type).Any();

    /// <summary>Those of one part of a class; nothing where all is in order.</summary>
    public static ImmutableArray<Diagnostic> Diagnose(GeneratorSyntaxContext context, CancellationToken cancellation)
    {
        var part = (ClassDeclarationSyntax)context.Node;
        IPropertySymbol[] candidates = [.. Candidates(part)
            .Select(property => context.SemanticModel.GetDeclaredSymbol(property, cancellation))
            .OfType<IPropertySymbol>()
            .Where(property => property is { IsPartialDefinition: true, PartialImplementationPart: null })];
        if (candidates.FirstOrDefault() is not { ContainingType: { } type })
        {
            return [];
        }

        if (ClassParser.Marker(type) is { } marker)
        {
            return marker.AttributeClass!.MetadataName == AttributeNames.ResidualFunction ? [] :
            [
                .. from property in candidates
                   where property.Type.SpecialType == SpecialType.System_Int32 && property.FindAttribute(AttributeNames.Hyperparameter) is null
                   select Report(property, $"Property {property.Name}", "[Hyperparameter(…)] with its default"),
            ];
        }

        return candidates.FirstOrDefault(property => MemberType(property) is not null) is { } member
            ? [Report(type, $"Class {type.Name}", MemberType(member) == "Segment" ? "[Network(\"name\", InputChannels = …)]" : "[ResidualFunction]")]
            : [];
    }

    private static Diagnostic Report(ISymbol symbol, string what, string attribute) =>
        Diagnostic.Create(Rules.Unmarked, symbol.Locations.FirstOrDefault(location => location.IsInSource), what, attribute);

    private static string? MemberType(IPropertySymbol property) =>
        property.Type is INamedTypeSymbol { Name: "Segment" or "Layers" } type && type.IsIn(AttributeNames.Namespace) ? type.Name : null;

    private static IEnumerable<PropertyDeclarationSyntax> Candidates(ClassDeclarationSyntax type) =>
        type.Members.OfType<PropertyDeclarationSyntax>().Where(property =>
            property.Modifiers.Any(SyntaxKind.PartialKeyword)
            && property.Type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.IntKeyword } or IdentifierNameSyntax or QualifiedNameSyntax or AliasQualifiedNameSyntax);
}
