using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace Iqt.Generators.Parsing;

/// <summary>Questions to symbols that several parsers ask.</summary>
internal static class SymbolExtensions
{
    /// <summary>Whether the type is declared directly in the namespace.</summary>
    public static bool IsIn(this INamedTypeSymbol type, string ns) => type.ContainingNamespace?.ToDisplayString() == ns;

    /// <summary>The first attribute with a metadata name in the declaration's namespace.</summary>
    public static AttributeData? FindAttribute(this ISymbol symbol, string metadataName) =>
        symbol.GetAttributes().FirstOrDefault(a =>
            a.AttributeClass is { } type && type.MetadataName == metadataName && type.IsIn(AttributeNames.Namespace));

    /// <summary>
    /// Whether generated code declares the symbol. Analyzers see the class after its completion, the
    /// generator before; both have to read the same declaration.
    /// </summary>
    public static bool IsGenerated(this ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences.Any(reference => IsGenerated(reference.SyntaxTree.FilePath));

    /// <summary>The same of an attribute.</summary>
    public static bool IsGenerated(this AttributeData attribute) =>
        attribute.ApplicationSyntaxReference is { } reference && IsGenerated(reference.SyntaxTree.FilePath);

    /// <summary>What generated code in another assembly left on a class (DeclarationDescriptionAttribute).</summary>
    public static string? Described(this INamedTypeSymbol type) =>
        type.FindAttribute(AttributeNames.Description)?.ConstructorArguments.FirstOrDefault().Value as string;

    /// <summary>The text of the symbol's summary on one line; empty where there is none.</summary>
    public static string Summary(this ISymbol symbol)
    {
        string? xml = symbol.GetDocumentationCommentXml();
        if (string.IsNullOrWhiteSpace(xml))
        {
            return "";
        }

        try
        {
            string text = XElement.Parse(xml).Element("summary")?.Value ?? "";
            return string.Join(" ", text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }
        catch (XmlException)
        {
            return ""; // the compiler reports malformed comments itself
        }
    }

    // …/Iqt.Generators.DeclarationGenerator/Sample.Net.g.cs: somebody else's file may end like that, too.
    private static bool IsGenerated(string path) =>
        path.EndsWith(".g.cs", StringComparison.Ordinal) && path.Contains(typeof(DeclarationGenerator).FullName);
}
