using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iqt.Generators.CodeFixes;

/// <summary>IQT001: writes <c>partial</c> before <c>class</c>, where the language wants it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartial)), Shared]
public sealed class MakePartial : DeclarationCodeFix
{
    /// <inheritdoc/>
    protected override string Rule => "IQT001";

    /// <inheritdoc/>
    protected override NodeFix? Fix(SyntaxNode reported, SemanticModel model)
    {
        if (reported.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } type || type.Modifiers.Any(SyntaxKind.PartialKeyword))
        {
            return null;
        }

        SyntaxToken partial = SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        if (type.Modifiers.Count == 0)
        {
            // The indentation and comments before 'class' now belong before 'partial'.
            partial = partial.WithLeadingTrivia(type.Keyword.LeadingTrivia);
            type = type.WithKeyword(type.Keyword.WithLeadingTrivia());
        }

        return new($"Make '{type.Identifier.ValueText}' partial", reported.FirstAncestorOrSelf<TypeDeclarationSyntax>()!, type.AddModifiers(partial));
    }
}
