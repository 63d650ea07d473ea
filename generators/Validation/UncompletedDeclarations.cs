using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iqt.Generators.Validation;

/// <summary>
/// Declarations that no generated code can complete. They leave the compiler with errors of its own (CS0751, CS9248),
/// and on the command line it then ends before it runs any analyzer: what is wrong would never be said. So of these the
/// generator reports what the analyzer finds; where both speak, the compiler prints the same message once.
/// </summary>
internal static class UncompletedDeclarations
{
    /// <summary>Whether a class is one of them, by its syntax alone, so that all others cost nothing.</summary>
    public static bool Includes(SyntaxNode node) =>
        node is ClassDeclarationSyntax type
        && (!type.Modifiers.Any(SyntaxKind.PartialKeyword) || type.Members.OfType<IndexerDeclarationSyntax>().Any(IsPartial));

    // A partial definition that no implementing part can follow.
    private static bool IsPartial(IndexerDeclarationSyntax indexer) => indexer.Modifiers.Any(SyntaxKind.PartialKeyword);
}
