module Iqt.Tests.Generators.CodeFixTests

open System
open System.Collections.Immutable
open System.Threading
open Microsoft.CodeAnalysis
open Microsoft.CodeAnalysis.CodeActions
open Microsoft.CodeAnalysis.CodeFixes
open Microsoft.CodeAnalysis.CSharp
open Microsoft.CodeAnalysis.Diagnostics
open Microsoft.CodeAnalysis.Text
open Expecto
open Iqt.Generators.CodeFixes
open Iqt.Generators.Validation
open Iqt.Generators.Vocabulary

let private fixes: (string * CodeFixProvider) list = [
    "IQT001", MakePartial()
    "IQT009", RoundChannelsUp()
    "IQT012", KeepSize()
]

let private head = "using Iqt.Reversible;\nnamespace Sample;\n"

/// What an editor offers for the first diagnostic of a rule, applied: titles and the source that comes out.
let private offers (rule: string) (source: string) =
    use workspace = new AdhocWorkspace()
    let template = Compiler.compilation []

    let project =
        workspace.AddProject(
            ProjectInfo.Create(
                ProjectId.CreateNewId(),
                VersionStamp.Default,
                "Declarations",
                "Declarations",
                LanguageNames.CSharp,
                compilationOptions = template.Options,
                parseOptions = CSharpParseOptions LanguageVersion.Latest,
                metadataReferences = template.References
            )
        )

    let document =
        workspace.AddDocument(project.Id, "Declaration.cs", SourceText.From(head + source))

    let compilation =
        nonNull (document.Project.GetCompilationAsync().GetAwaiter().GetResult())

    let analyzers = ImmutableArray.Create<DiagnosticAnalyzer>(DeclarationAnalyzer())

    let diagnostic =
        compilation.WithAnalyzers(analyzers).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult()
        |> Seq.find (fun d -> d.Id = rule)

    let provider = fixes |> List.find (fun (fixed', _) -> fixed' = rule) |> snd
    Expect.contains provider.FixableDiagnosticIds rule "the rule that it fixes"
    let actions = ResizeArray<CodeAction>()

    provider
        .RegisterCodeFixesAsync(
            CodeFixContext(
                document,
                diagnostic,
                Action<CodeAction, ImmutableArray<Diagnostic>>(fun action _ -> actions.Add action),
                CancellationToken.None
            )
        )
        .GetAwaiter()
        .GetResult()

    [
        for action in actions do
            let operation =
                action.GetOperationsAsync(CancellationToken.None).GetAwaiter().GetResult()
                |> Seq.exactlyOne
                :?> ApplyChangesOperation

            let changed = nonNull (operation.ChangedSolution.GetDocument document.Id)
            action.Title, (string (changed.GetTextAsync().GetAwaiter().GetResult())).Substring head.Length
    ]

let private bottleneck =
    "[ResidualFunction] public sealed partial class F { [Relu, Conv3d(Kernel = 3, Padding = 1)] private partial Layers Only { get; } }\n"

let private network members =
    bottleneck
    + $"[Network(\"net\", InputChannels = 6)] public sealed partial class Net {{ {members} }}"

let private residualFunction members =
    $"[ResidualFunction] public sealed partial class G {{ {members} }}"

let private stack = "[Stack<F>(2)] private partial Segment Stack { get; }"

/// What is wrong, the rule, the declaration, the part that changes, what it becomes.
let private fixable = [
    "a class without partial",
    "IQT001",
    network("[Conv3d(8)] private partial Segment Layer { get; }")
        .Replace("sealed partial class Net", "sealed class Net"),
    "sealed class Net",
    "sealed partial class Net"

    "a class without modifiers, a comment before it",
    "IQT001",
    "[ResidualFunction]\n// what it does\nclass G { [Conv3d(Kernel = 1)] private partial Layers Only { get; } }",
    "// what it does\nclass G",
    "// what it does\npartial class G"

    "no padding",
    "IQT012",
    residualFunction "[Relu, Conv3d(Kernel = 3)] private partial Layers Only { get; }",
    "Conv3d(Kernel = 3)",
    "Conv3d(Kernel = 3, Padding = 1)"

    "padding of another kernel, a comment beside it",
    "IQT012",
    residualFunction "[Conv3d(Kernel = 5, Padding = 1 /* of a 3 */)] private partial Layers Only { get; }",
    "Padding = 1 /* of a 3 */",
    "Padding = 2 /* of a 3 */"

    "padding without a kernel",
    "IQT012",
    residualFunction "[Conv3d(Padding = 1)] private partial Layers Only { get; }",
    "Padding = 1",
    "Padding = 0"

    "odd channels of the convolution before",
    "IQT009",
    network ("[Conv3d(7, Kernel = 3), Relu] private partial Segment Layer { get; } " + stack),
    "Conv3d(7, Kernel = 3)",
    "Conv3d(8, Kernel = 3)"

    "odd channels of a convolution further up",
    "IQT009",
    network (
        "[Conv3d(16)] private partial Segment First { get; } [Conv3d(7), BatchNorm, Relu] private partial Segment Layer { get; } [Relu] private partial Segment Between { get; } "
        + stack
    ),
    "Conv3d(7)",
    "Conv3d(8)"

    "odd channels by a hyperparameter's default",
    "IQT009",
    network (
        "[Hyperparameter(7)] public partial int Width { get; } [Conv3d(nameof(Width))] private partial Segment Layer { get; } "
        + stack
    ),
    "Hyperparameter(7)",
    "Hyperparameter(8)"
]

/// Where no obvious change would help, nothing is offered.
let private unfixable = [
    "an even kernel",
    "IQT012",
    residualFunction "[Conv3d(Kernel = 4, Padding = 2)] private partial Layers Only { get; }"

    "a stride, which no padding makes up for",
    "IQT012",
    residualFunction "[Conv3d(Kernel = 3, Stride = 2)] private partial Layers Only { get; }"

    "a layer that is no convolution",
    "IQT012",
    residualFunction "[MaxPool(3, Stride = 1)] private partial Layers Only { get; }"

    "a layer that knows no padding", "IQT012", residualFunction "[Upsample(2)] private partial Layers Only { get; }"

    "channels of the network's input, which the data decides",
    "IQT009",
    (network stack).Replace("InputChannels = 6", "InputChannels = 7")

    "channels that a shuffle divided",
    "IQT009",
    network ("[Conv3d(56), VoxelShuffle(2)] private partial Segment Layer { get; } " + stack)
]

[<Tests>]
let tests =
    testList "generators/code fixes" [
        for name, rule, source, before, after in fixable do
            test $"{rule}: {name}" {
                let _, changed = offers rule source |> Seq.exactlyOne
                Expect.equal changed (source.Replace(before, after)) "only the wrong part changes"
                let found, _ = Compiler.build changed
                Expect.equal (found |> List.map string) [] "the changed declaration compiles, with its generated code"
            }

        for name, rule, source in unfixable do
            test $"{rule}: {name}" { Expect.equal (offers rule source) [] "no offer" }

        test "which layers keep their channels is known of every kind" {
            let keeping = [
                for kind in LayerKinds.All do
                    if nonNull(kind.GetType().GetMethod(nameof kind.Output)).DeclaringType = typeof<LayerKind> then
                        kind.Attribute
            ]

            let named = [
                for kind in LayerKinds.All do
                    if ChannelSource.KeepsChannels kind.Attribute then
                        kind.Attribute
            ]

            Expect.equal
                (List.except named keeping)
                []
                "what keeps the number of channels stands in generators/CodeFixes/ChannelSource.cs: add it there"

            Expect.equal
                (List.except keeping named)
                []
                "what does not keep it does not stand in generators/CodeFixes/ChannelSource.cs: take it out there"
        }

        test "every fix offers to mend all of its kind" {
            for rule, provider in fixes do
                Expect.isNotNull (provider.GetFixAllProvider()) rule
        }
    ]
