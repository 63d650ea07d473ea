using System.Collections.Immutable;
using Iqt.Generators.Diagnostics;
using Iqt.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Iqt.Generators.Validation;

/// <summary>Reports the rules that declarations break, at the attribute or argument that breaks them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DeclarationAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Rules.NotPartial, Rules.UnsupportedClass, Rules.NoMembers, Rules.UnsupportedProperty, Rules.NoOperations,
        Rules.SeveralFiles, Rules.OutOfRange, Rules.UnknownHyperparameter, Rules.OddChannels, Rules.NotAResidualFunction,
        Rules.ChangesChannels, Rules.ChangesSize, Rules.NotDivisible, Rules.NoChannels, Rules.Misplaced, Rules.BadName,
        Rules.ReservedName,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        DeclarationKind? kind =
            type.FindAttribute("NetworkAttribute") is not null ? DeclarationKind.Network
            : type.FindAttribute("ResidualFunctionAttribute") is not null ? DeclarationKind.ResidualFunction
            : null;
        if (kind is not { } found)
        {
            return;
        }

        foreach (Finding finding in DeclarationRules.Check(DeclarationParser.Parse(type, found)))
        {
            context.ReportDiagnostic(Diagnostic.Create(finding.Rule, Locate(type, finding.Target, context.CancellationToken), finding.Arguments));
        }
    }

    private static Location Locate(INamedTypeSymbol type, FindingTarget target, CancellationToken cancellation)
    {
        ISymbol symbol = target.Member is null ? type : type.GetMembers(target.Member).FirstOrDefault() ?? type;
        Location name = symbol.Locations.FirstOrDefault(l => l.IsInSource) ?? Location.None;
        if (target.AttributeIndex is not { } index)
        {
            return name;
        }

        // A class's own attributes are counted among other people's: the declaring one is found by its namespace.
        AttributeData? attribute = target.Member is null
            ? type.FindAttribute("NetworkAttribute") ?? type.FindAttribute("ResidualFunctionAttribute")
            : symbol.GetAttributes().ElementAtOrDefault(index);
        if (attribute?.ApplicationSyntaxReference?.GetSyntax(cancellation) is not AttributeSyntax syntax)
        {
            return name;
        }

        AttributeArgumentSyntax? argument = target.Argument is { } wanted ? FindArgument(syntax, wanted) : null;
        return (argument as SyntaxNode ?? syntax).GetLocation();
    }

    // A named argument, or the first positional one for an argument of the constructor.
    private static AttributeArgumentSyntax? FindArgument(AttributeSyntax attribute, string name)
    {
        IEnumerable<AttributeArgumentSyntax> arguments = attribute.ArgumentList?.Arguments ?? [];
        return arguments.FirstOrDefault(a => a.NameEquals?.Name.Identifier.ValueText == name)
            ?? arguments.FirstOrDefault(a => a.NameEquals is null && char.IsLower(name[0]));
    }
}
