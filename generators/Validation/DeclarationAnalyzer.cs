using System.Collections.Concurrent;
using System.Collections.Immutable;
using Iqt.Generators.Diagnostics;
using Iqt.Generators.Models;
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
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. Rules.All];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        // Another tool may write declarations, and what calls itself generated is completed like any other.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.RegisterCompilationStartAction(start =>
        {
            ConcurrentBag<(string Name, INamedTypeSymbol Type)> names = [];
            start.RegisterSymbolAction(symbol => Analyze(symbol, names), SymbolKind.NamedType);
            start.RegisterCompilationEndAction(end => CheckNames(end, names));
        });
    }

    private static void CheckNames(CompilationAnalysisContext context, IEnumerable<(string Name, INamedTypeSymbol Type)> names)
    {
        foreach (var alike in names.GroupBy(named => named.Name).Where(group => group.Count() > 1))
        {
            INamedTypeSymbol[] types = [.. alike.Select(named => named.Type).OrderBy(type => type.ToDisplayString(), StringComparer.Ordinal)];
            foreach (INamedTypeSymbol type in types.Skip(1))
            {
                Location location = Locate(type, new(AttributeIndex: 0, Argument: "name"), context.CancellationToken);
                context.ReportDiagnostic(Diagnostic.Create(Rules.SameNetworkName, location, types[0].Name, type.Name, alike.Key));
            }
        }
    }

    private static void Analyze(SymbolAnalysisContext context, ConcurrentBag<(string Name, INamedTypeSymbol Type)> names)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (ClassParser.Marker(type) is not { AttributeClass: { } marker })
        {
            return;
        }

        DeclarationKind kind = marker.MetadataName == AttributeNames.ResidualFunction ? DeclarationKind.ResidualFunction : DeclarationKind.Network;
        Declaration declaration = DeclarationParser.Parse(type, kind);
        if (kind == DeclarationKind.Network && ClassRules.IsName(declaration.Name))
        {
            names.Add((declaration.Name, type));
        }

        foreach (Diagnostic diagnostic in Diagnose(type, declaration, context.CancellationToken))
        {
            context.ReportDiagnostic(diagnostic);
        }
    }

    /// <summary>The rules that a declaration breaks, each where it does.</summary>
    internal static IEnumerable<Diagnostic> Diagnose(INamedTypeSymbol type, Declaration declaration, CancellationToken cancellation) =>
        DeclarationRules.Check(declaration).Select(finding => Diagnostic.Create(finding.Rule, Locate(type, finding.Target, cancellation), finding.Arguments));

    private static Location Locate(INamedTypeSymbol type, FindingTarget target, CancellationToken cancellation)
    {
        ISymbol? member = target.Member is null ? null : type.GetMembers(target.Member).FirstOrDefault(found => !found.IsGenerated());
        ISymbol symbol = member ?? type;
        Location name = symbol.Locations.FirstOrDefault(l => l.IsInSource) ?? Location.None;
        if (target.AttributeIndex is not { } index)
        {
            return name;
        }

        // A class's own attributes are counted among other people's: the declaring one is found by its namespace. It also stands
        // for what an elongated network takes over.
        AttributeData? attribute = member is null
            ? ClassParser.Marker(type)
            : member.GetAttributes().ElementAtOrDefault(index);
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
