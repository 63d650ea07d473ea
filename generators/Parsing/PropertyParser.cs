using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Iqt.Generators.Parsing;

/// <summary>Reads the form of a property that generated code is to implement.</summary>
internal static class PropertyParser
{
    public static DeclaredProperty Parse(IPropertySymbol property)
    {
        string? obstacle =
            !property.IsPartialDefinition ? "it is not partial"
            : property.PartialImplementationPart is { } part && !part.IsGenerated() ? "it has an implementing part of its own"
            : property.SetMethod is not null ? "it has a setter"
            : property.IsStatic ? "it is static"
            : property.IsIndexer ? "it is an indexer"
            : null;
        return new DeclaredProperty(
            property.Name,
            SyntaxFacts.GetText(property.DeclaredAccessibility),
            property.Type.Name,
            property.Summary(),
            obstacle,
            property.SetMethod is null ? null : property.SetMethod.IsInitOnly ? "init" : "set",
            CanImplement(property));
    }

    private static bool CanImplement(IPropertySymbol property) =>
        property is { IsPartialDefinition: true, PartialImplementationPart: null, IsStatic: false, IsIndexer: false };
}
