using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iqt.Generators.CodeFixes;

/// <summary>
/// IQT009: rounds the channels of a stack up to an even number, on the attribute that gives them: the last
/// convolution before the stack, or the hyperparameter that it names.
/// </summary>
/// <remarks>
/// Not offered where the channels are those of the network's input, which the data decides, nor where they come from
/// several segments or through an operation that changes their number without naming it.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RoundChannelsUp)), Shared]
public sealed class RoundChannelsUp : DeclarationCodeFix
{
    /// <inheritdoc/>
    protected override string Rule => "IQT009";

    /// <inheritdoc/>
    protected override NodeFix? Fix(SyntaxNode reported, SemanticModel model)
    {
        if (reported.FirstAncestorOrSelf<PropertyDeclarationSyntax>() is not { } stack
            || ChannelSource.Find(stack, model) is not { } source
            || model.Integer(source.Expression, otherwise: 0) is not { } channels
            || channels % 2 == 0)
        {
            return null;
        }

        return new($"Round {channels} channels up to {channels + 1}", source, source.WithExpression(AttributeArguments.Number(channels + 1)));
    }
}
