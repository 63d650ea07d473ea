using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Iqt.Generators.CodeFixes;

/// <summary>A fix for one rule of declarations that replaces a node of the syntax tree by another.</summary>
public abstract class DeclarationCodeFix : CodeFixProvider
{
    /// <summary>The rule, for example <c>IQT001</c>.</summary>
    protected abstract string Rule { get; }

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds => [Rule];

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || model is null)
        {
            return;
        }

        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            SyntaxNode reported = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            if (Fix(reported, model) is { } fix)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        fix.Title,
                        _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(fix.Old, fix.New))),
                        equivalenceKey: Rule),
                    diagnostic);
            }
        }
    }

    /// <summary>What to change, or null where nothing obvious would help.</summary>
    /// <param name="reported">The node that the diagnostic points at.</param>
    /// <param name="model">Of its document.</param>
    protected abstract NodeFix? Fix(SyntaxNode reported, SemanticModel model);
}

/// <summary>A node and what takes its place.</summary>
/// <param name="Title">In the editor's list of fixes.</param>
/// <param name="Old">The node as it stands.</param>
/// <param name="New">The node as it should be.</param>
public sealed record NodeFix(string Title, SyntaxNode Old, SyntaxNode New);
