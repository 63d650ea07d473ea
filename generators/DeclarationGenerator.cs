using System.Collections.Immutable;
using System.Text;
using Iqt.Generators.Emission;
using Iqt.Generators.Models;
using Iqt.Generators.Parsing;
using Iqt.Generators.Validation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Iqt.Generators;

/// <summary>
/// Completes classes marked [Network], [Elongate] or [ResidualFunction]: parse → model → validate → emit. The
/// rules are <see cref="DeclarationAnalyzer"/>'s; the generator reports only what the compiler would keep that from
/// saying (<see cref="UncompletedDeclarations"/>, <see cref="UnmarkedProperties"/>).
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class DeclarationGenerator : IIncrementalGenerator
{
    /// <summary>Name of the step whose results are <see cref="Declaration"/>s, for tests of caching.</summary>
    internal const string ParseStep = "Parse";

    /// <summary>Name of the step that says whether a declaration can be written out.</summary>
    internal const string ValidateStep = "Validate";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        Register(context, AttributeNames.Network, DeclarationKind.Network);
        Register(context, AttributeNames.Elongate, DeclarationKind.Network);
        Register(context, AttributeNames.ResidualFunction, DeclarationKind.ResidualFunction);
        Report(context, context.SyntaxProvider.CreateSyntaxProvider(static (node, _) => UnmarkedProperties.Includes(node), UnmarkedProperties.Diagnose));
    }

    private static void Register(IncrementalGeneratorInitializationContext context, string attribute, DeclarationKind kind)
    {
        var declarations = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                AttributeNames.Full(attribute),
                static (node, _) => node is TypeDeclarationSyntax,
                (match, _) => IsMarked(match, attribute) ? DeclarationParser.Parse((INamedTypeSymbol)match.TargetSymbol, kind) : null)
            .Where(static declaration => declaration is not null)
            .Select(static (declaration, _) => declaration!)
            .WithTrackingName(ParseStep);
        var judged = declarations
            .Select(static (declaration, _) => (Declaration: declaration, IsValid: DeclarationRules.CanBeWritten(declaration)))
            .WithTrackingName(ValidateStep);
        context.RegisterSourceOutput(judged, static (output, judged) => Write(output, judged.Declaration, judged.IsValid));

        // These carry places in the source, so they are never cached; there are none unless the build is failing.
        var uncompleted = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                AttributeNames.Full(attribute),
                static (node, _) => UncompletedDeclarations.Includes(node),
                (match, cancellation) => IsMarked(match, attribute) ? Diagnose((INamedTypeSymbol)match.TargetSymbol, kind, cancellation) : []);
        Report(context, uncompleted);
    }

    private static void Report(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<ImmutableArray<Diagnostic>> found) =>
        context.RegisterSourceOutput(found.Where(static diagnostics => !diagnostics.IsEmpty), static (output, diagnostics) =>
        {
            foreach (Diagnostic diagnostic in diagnostics)
            {
                output.ReportDiagnostic(diagnostic);
            }
        });

    private static ImmutableArray<Diagnostic> Diagnose(INamedTypeSymbol type, DeclarationKind kind, CancellationToken cancellation) =>
        [.. DeclarationAnalyzer.Diagnose(type, DeclarationParser.Parse(type, kind), cancellation)];

    // A class is written out once, whatever stands on its parts: the first marker on the first part decides.
    private static bool IsMarked(GeneratorAttributeSyntaxContext match, string attribute) =>
        ClassParser.Marker(match.TargetSymbol) is { } first
            && first.AttributeClass?.MetadataName == attribute
            && first.ApplicationSyntaxReference?.GetSyntax().FirstAncestorOrSelf<TypeDeclarationSyntax>() == match.TargetNode;

    private static void Write(SourceProductionContext output, Declaration declaration, bool isValid)
    {
        DeclaredClass type = declaration.Class;
        if (!isValid)
        {
            // A class that is not partial can't take a second part; the rule says so, the compiler as well.
            if (type.IsOpen)
            {
                Add(output, GeneratedFile.Name(type), StubEmitter.Emit(declaration));
            }
        }
        else if (declaration.Kind == DeclarationKind.ResidualFunction)
        {
            Add(output, GeneratedFile.Name(type), ResidualFunctionEmitter.Emit(ModelBuilder.ResidualFunction(declaration, Doubts.None)));
        }
        else
        {
            NetworkModel network = ModelBuilder.Network(declaration, Doubts.None);
            Add(output, GeneratedFile.Name(type), StructureEmitter.Emit(network));
            Add(output, GeneratedFile.Name(type, "Forward"), ForwardEmitter.Emit(network));
            Add(output, GeneratedFile.Name(type, "Backward"), BackwardEmitter.Emit(network));
            if (InverseEmitter.HasInverse(network))
            {
                Add(output, GeneratedFile.Name(type, "Inverse"), InverseEmitter.Emit(network));
            }
        }
    }

    private static void Add(SourceProductionContext output, string name, string code) =>
        output.AddSource(name, SourceText.From(code, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)));
}
