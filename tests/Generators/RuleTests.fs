module Iqt.Tests.Generators.RuleTests

open Expecto
open Microsoft.CodeAnalysis

let private bottleneck =
    "[ResidualFunction] public sealed partial class F { [Relu, Conv3d(Kernel = 3, Padding = 1)] private partial Layers Only { get; } }\n"

let private network members =
    bottleneck
    + $"[Network(\"net\", InputChannels = 6)] public sealed partial class Net {{ {members} }}"

let private residualFunction members =
    $"[ResidualFunction] public sealed partial class G {{ {members} }}"

let private layer = "[Conv3d(8, Kernel = 3)] private partial Segment Layer { get; }"

/// A declaration that breaks one rule, the rule, the text it points at, and words of the message.
let private broken = [
    "class not partial",
    "IQT001",
    bottleneck
    + "[Network(\"net\", InputChannels = 6)] public sealed class Net { [Conv3d(8)] private partial Segment Layer { get; } }",
    "Net",
    "write 'partial class Net'"

    "abstract class",
    "IQT002",
    $"[Network(\"net\", InputChannels = 6)] public abstract partial class Net {{ {layer} }}",
    "Net",
    "but is abstract"

    "constructor of its own",
    "IQT002",
    $"[Network(\"net\", InputChannels = 6)] public sealed partial class Net {{ public Net(string s) {{ }} {layer} }}",
    "Net",
    "has a constructor of its own"

    "no segments", "IQT003", network "", "Net", "declares no segments"

    "property with a setter",
    "IQT004",
    network "[Conv3d(8)] private partial Segment Layer { get; set; }",
    "Layer",
    "it has a setter"

    "wrong type of member",
    "IQT004",
    network "[Conv3d(8)] private partial Layers Layer { get; }",
    "Layer",
    "its type is Layers"

    "segment without attributes",
    "IQT005",
    network (layer + " private partial Segment Empty { get; }"),
    "Empty",
    "Empty has no attribute"

    "kernel of 0",
    "IQT007",
    network "[Conv3d(8, Kernel = 0)] private partial Segment Layer { get; }",
    "Kernel = 0",
    "Kernel of Layer is 0; it has to be at least 1"

    "no input channels",
    "IQT007",
    $"[Network(\"net\")] public sealed partial class Net {{ {layer} }}",
    "Network(\"net\")",
    "InputChannels is 0"

    "default below what a kernel allows",
    "IQT007",
    network
        "[Hyperparameter(0)] public partial int Edge { get; } [Conv3d(8, Kernel = nameof(Edge))] private partial Segment Layer { get; }",
    "Edge",
    "The default of Edge is 0"

    "hyperparameter not declared",
    "IQT008",
    network
        "[Hyperparameter(4)] public partial int Blocks { get; } [Stack<F>(\"Depth\")] private partial Segment Stack { get; }",
    "\"Depth\"",
    "declared are Blocks"

    "odd channels in a stack",
    "IQT009",
    network "[Conv3d(7)] private partial Segment Layer { get; } [Stack<F>(2)] private partial Segment Stack { get; }",
    "Stack<F>(2)",
    "splits its 7 channels into two halves, and 7 is odd: give Layer"

    "odd channels by a hyperparameter's default",
    "IQT009",
    network
        "[Hyperparameter(7)] public partial int Width { get; } [Conv3d(nameof(Width))] private partial Segment Layer { get; } [Stack<F>(2)] private partial Segment Stack { get; }",
    "Stack<F>(2)",
    "Width = 7"

    "not a residual function",
    "IQT010",
    "public sealed class H; "
    + network "[Stack<H>(2)] private partial Segment Stack { get; }",
    "Stack<H>(2)",
    "H is used as a residual function of stack Stack"

    "residual function changes channels",
    "IQT011",
    residualFunction "[Conv3d(8, Kernel = 1)] private partial Layers Only { get; }",
    "8",
    "ends with 8 channels"

    "residual function changes the size",
    "IQT012",
    residualFunction "[Conv3d(Kernel = 3)] private partial Layers Only { get; }",
    "Conv3d(Kernel = 3)",
    "set Padding = 1"

    "even kernel in a residual function",
    "IQT012",
    residualFunction "[Conv3d(Kernel = 4, Padding = 2)] private partial Layers Only { get; }",
    "Padding = 2",
    "take 5 with Padding = 2"

    "shuffle of channels that don't divide",
    "IQT013",
    network
        "[Conv3d(47)] private partial Segment Layer { get; } [VoxelShuffle(2)] private partial Segment Output { get; }",
    "VoxelShuffle(2)",
    "has 47: 40 or 48 would fit"

    "convolution without channels in a network",
    "IQT014",
    network "[Conv3d(Kernel = 3)] private partial Segment Layer { get; }",
    "Conv3d(Kernel = 3)",
    "names no output channels"

    "stack in a residual function",
    "IQT015",
    bottleneck
    + residualFunction "[Stack<F>(2)] private partial Layers Only { get; }",
    "Stack<F>(2)",
    "stacks belong to networks"

    "stack and layers on one segment",
    "IQT015",
    network "[Stack<F>(2), Relu] private partial Segment Both { get; }",
    "Stack<F>(2)",
    "a stack or layers, not both"

    "malformed name",
    "IQT016",
    $"[Network(\"My Net\", InputChannels = 6)] public sealed partial class MyNet {{ {layer} }}",
    "\"My Net\"",
    "for example 'my-net'"

    "name that every network has",
    "IQT017",
    network "[Conv3d(8)] private partial Segment Relation { get; }",
    "Relation",
    "every network has a member of that name"
]

// What the compiler says of its own accord can't be kept back: of a class that is not partial (design,
// section 4), and of a name that hides another.
let private unavoidable =
    Map [ "IQT001", set [ "CS0751"; "CS9248" ]; "IQT017", set [ "CS0108" ] ]

[<Tests>]
let tests =
    testList "generators/rules" [
        for name, rule, source, pointedAt, words in broken do
            test $"{rule}: {name}" {
                let found, _ = Compiler.build source

                let others =
                    found
                    |> List.filter (fun d ->
                        d.Id <> rule
                        && not (unavoidable |> Map.tryFind rule |> Option.exists _.Contains(d.Id)))

                Expect.equal (others |> List.map string) [] "nothing else is reported"

                let diagnostic =
                    Expect.wantSome (found |> List.filter (fun d -> d.Id = rule) |> List.tryExactlyOne) "reported once"

                Expect.equal diagnostic.Severity DiagnosticSeverity.Error "a broken rule breaks the build"
                Expect.stringContains (diagnostic.GetMessage()) words "message"
                let tree = nonNull diagnostic.Location.SourceTree
                Expect.equal (tree.GetText().ToString diagnostic.Location.SourceSpan) pointedAt "place"
            }

        test "IQT006: a declaration spread over two files" {
            let part name =
                "using Iqt.Reversible;\nnamespace Sample;\n"
                + (if name = "A" then
                       "[Network(\"net\", InputChannels = 6)] "
                   else
                       "")
                + $"public sealed partial class Net {{ [Conv3d(8)] private partial Segment {name} {{ get; }} }}"

            let found, _ = Compiler.buildFiles [ "A.cs", part "A"; "B.cs", part "B" ]
            Expect.equal (found |> List.map _.Id) [ "IQT006" ] "reported once"
        }

        test "every rule has a page and a line in the list of releases" {
            let analyzer = Iqt.Generators.Validation.DeclarationAnalyzer()
            let root = System.IO.Path.Combine(__SOURCE_DIRECTORY__, "..", "..")

            let releases =
                System.IO.File.ReadAllText(System.IO.Path.Combine(root, "generators", "AnalyzerReleases.Unshipped.md"))

            for rule in analyzer.SupportedDiagnostics do
                Expect.stringContains releases $"{rule.Id} |" "AnalyzerReleases.Unshipped.md"
                let page = System.IO.Path.Combine(root, "docs", "diagnostics", $"{rule.Id}.md")
                Expect.isTrue (System.IO.File.Exists page) $"docs/diagnostics/{rule.Id}.md"
        }
    ]
