using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iqt.Generators.CodeFixes;

/// <summary>Reads and writes the arguments of an attribute.</summary>
internal static class AttributeArguments
{
    /// <summary>The value of <c>name = value</c>, or null where it is not given.</summary>
    public static ExpressionSyntax? Named(this AttributeSyntax attribute, string name) =>
        attribute.ArgumentList?.Arguments.FirstOrDefault(a => a.NameEquals?.Name.Identifier.ValueText == name)?.Expression;

    /// <summary>The first positional argument, or null where there is none.</summary>
    public static AttributeArgumentSyntax? FirstPositional(this AttributeSyntax attribute) =>
        attribute.ArgumentList?.Arguments.FirstOrDefault(a => a.NameEquals is null);

    /// <summary>The constant whole number of an expression; null where it is something else.</summary>
    public static int? Integer(this SemanticModel model, ExpressionSyntax? expression, int otherwise) =>
        expression is null ? otherwise
        : model.GetConstantValue(expression) is { HasValue: true, Value: int value } ? value
        : null;

    /// <summary>The same attribute with <c>name = value</c>, changed in its place or added at the end.</summary>
    public static AttributeSyntax WithNamed(this AttributeSyntax attribute, string name, int value)
    {
        if (attribute.Named(name) is { } present)
        {
            return attribute.ReplaceNode(present, Number(value).WithTriviaFrom(present));
        }

        AttributeArgumentSyntax added = SyntaxFactory.AttributeArgument(Number(value))
            .WithNameEquals(SyntaxFactory.NameEquals(
                SyntaxFactory.IdentifierName(name),
                SyntaxFactory.Token(SyntaxKind.EqualsToken).WithLeadingTrivia(SyntaxFactory.Space).WithTrailingTrivia(SyntaxFactory.Space)));
        return attribute.ArgumentList is { Arguments.Count: > 0 } list
            ? attribute.WithArgumentList(list.AddArguments(added.WithLeadingTrivia(SyntaxFactory.Space)))
            : attribute.WithArgumentList(SyntaxFactory.AttributeArgumentList(SyntaxFactory.SingletonSeparatedList(added)));
    }

    /// <summary>A number as C# writes it.</summary>
    public static LiteralExpressionSyntax Number(int value) =>
        SyntaxFactory.LiteralExpression(SyntaxKind.NumericLiteralExpression, SyntaxFactory.Literal(value));
}
