/// What the command-line compiler shows of a broken declaration: where its own errors end it before analyzers run, only
/// what the generator reports.
module Iqt.Tests.Generators.UncompletedDeclarationTests

open Microsoft.CodeAnalysis
open Expecto
open Iqt.Tests.Generators

let private run (source: string) =
    let before =
        Compiler.compilation [
            Compiler.parse "D.cs" ("using Iqt.Reversible;\nnamespace Sample;\n" + source)
        ]

    let mutable after: Compilation = before
    let mutable reported = System.Collections.Immutable.ImmutableArray<Diagnostic>.Empty

    Compiler.driver().RunGeneratorsAndUpdateCompilation(before, &after, &reported)
    |> ignore

    let stops =
        after.GetDeclarationDiagnostics()
        |> Seq.exists (fun d -> d.Severity = DiagnosticSeverity.Error)

    stops, List.ofSeq reported

let private layer = "[Conv3d(8)] private partial Segment Layer { get; }"

let private network header members =
    $"[Network(\"net\", InputChannels = 6)] {header} Net {{ {members} }}"

let private uncompleted = [
    "a class that is not partial", "IQT001", network "public sealed class" layer
    "a residual function that is not partial",
    "IQT001",
    "[ResidualFunction] public sealed class G { [Conv3d(Kernel = 1)] private partial Layers Only { get; } }"
    "an indexer",
    "IQT004",
    network "public sealed partial class" (layer + " [Conv3d(8)] private partial Segment this[int i] { get; }")
]

// What is missing, and what the message asks for.
let private unmarked = [
    "a network's attribute",
    "Net",
    "Class Net has no attribute that says what it is, so generated code does not complete it: add [Network(\"name\", InputChannels = …)]",
    $"public sealed partial class Net {{ {layer} }}"
    "a residual function's attribute",
    "G",
    "add [ResidualFunction]",
    "public sealed partial class G { [Conv3d(Kernel = 1)] private partial Layers Only { get; } }"
    "a hyperparameter's attribute",
    "Width",
    "Property Width has no attribute that says what it is, so generated code does not complete it: add [Hyperparameter(…)] with its default",
    network "public sealed partial class" (layer + " public partial int Width { get; }")
]

let private completed = [
    "partial properties of a user's own, completed by the user",
    network "public sealed partial class" (layer + " public partial int Width { get; } public partial int Width => 3;")
    "a class that is no declaration",
    "public partial class Other { public partial int Width { get; } public partial int Width => 3; }"
    "a nested class",
    "public partial class Outer { "
    + network "public sealed partial class" layer
    + " }"
    "a static property",
    network "public sealed partial class" (layer + " [Conv3d(8)] private static partial Segment Other { get; }")
    "a sound declaration", network "public sealed partial class" layer
    "a broken rule that the analyzer can report",
    network "public sealed partial class" "[Conv3d(8, Kernel = 0)] private partial Segment Layer { get; }"
]

[<Tests>]
let tests =
    testList "generators/uncompleted declarations" [
        for name, rule, source in uncompleted do
            test $"{rule}: {name}, which ends the compiler before its analyzers, is reported by the generator" {
                let stops, reported = run source
                Expect.isTrue stops "the compiler has errors of its own"
                Expect.contains (reported |> List.map _.Id) rule "reported by the generator"
                Expect.all reported (fun d -> d.Location.IsInSource) "each at its place"
            }

        for name, place, message, source in unmarked do
            test $"IQT031: {name} is missing" {
                let stops, reported = run source
                Expect.isTrue stops "the compiler has errors of its own"

                let diagnostic =
                    Expect.wantSome (List.tryExactlyOne reported) "reported once, by the generator"

                Expect.equal diagnostic.Id "IQT031" "rule"
                Expect.stringContains (diagnostic.GetMessage()) message "message"
                let tree = nonNull diagnostic.Location.SourceTree
                Expect.equal (tree.GetText().ToString diagnostic.Location.SourceSpan) place "text pointed at"
            }

        for name, source in completed do
            test $"{name}: the generator reports nothing" {
                let stops, reported = run source
                Expect.isFalse stops "the compiler goes on to the analyzers"
                Expect.isEmpty reported "generator"
            }
    ]
