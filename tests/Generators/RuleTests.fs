module Iqt.Tests.Generators.RuleTests

open System.IO
open Expecto
open Microsoft.CodeAnalysis
open Iqt.Tests.Generators.Rules

let private all =
    ClassCases.cases @ NameCases.cases @ NumberCases.cases @ GraphCases.cases

/// The declaration and the text that the rule is to point at, with where it begins.
let private marked (source: string) =
    let start = source.IndexOf '‹'
    let length = source.IndexOf '›' - start - 1
    source.Remove(start + length + 1, 1).Remove(start, 1), start, length

// What the compiler says of its own accord of a class that is not partial can't be kept back (design, section 4).
let private unavoidable rule =
    if rule = "IQT001" then
        set [ "CS0751"; "CS9248" ]
    else
        Set.empty

let private root = Path.Combine(__SOURCE_DIRECTORY__, "..", "..")

[<Tests>]
let tests =
    testList "generators/rules" [
        for case in all do
            test $"{case.Rule}: {case.Title}" {
                let source, start, length = marked case.Source
                let found, result = Compiler.build source

                let others =
                    found
                    |> List.filter (fun d -> d.Id <> case.Rule && not ((unavoidable case.Rule).Contains d.Id))

                Expect.equal (others |> List.map string) [] "nothing else is reported"

                let diagnostic =
                    Expect.wantSome
                        (found |> List.filter (fun d -> d.Id = case.Rule) |> List.tryExactlyOne)
                        "reported once"

                Expect.equal diagnostic.Severity DiagnosticSeverity.Error "a broken rule breaks the build"
                Expect.stringContains (diagnostic.GetMessage()) case.Words "message"
                let tree = nonNull diagnostic.Location.SourceTree
                let place = diagnostic.Location.SourceSpan
                Expect.equal (tree.GetText().ToString place) (source.Substring(start, length)) "text pointed at"
                Expect.equal (place.Start - Compiler.preamble.Length) start "place"

                // But where the compiler would end before its analyzers: UncompletedDeclarationTests.
                if case.Rule <> "IQT001" then
                    Expect.isEmpty result.Diagnostics "the generator is silent"
            }

        test "IQT006: a declaration spread over two files" {
            let part name =
                Compiler.preamble
                + (if name = "A" then
                       "[Network(\"net\", InputChannels = 6)] "
                   else
                       "")
                + $"public sealed partial class Net {{ [Conv3d(8)] private partial Segment {name} {{ get; }} }}"

            let found, _ = Compiler.buildFiles [ "A.cs", part "A"; "B.cs", part "B" ]
            Expect.equal (found |> List.map _.Id) [ "IQT006" ] "reported once"
        }

        for title, declaration in
            [
                "behind a layer", Case.network "[Conv3d(8), Unheard] private partial Segment Layer { get; }"
                "alone", Case.residualFunction "[Unheard] private partial Layers Layer { get; }"
            ] do
            test $"IQT030: an attribute without a layer kind, {title}" {
                let found, result =
                    Compiler.buildFiles [
                        "Net.cs", Compiler.preamble + declaration
                        "Unheard.cs",
                        "namespace Iqt.Reversible; public sealed class UnheardAttribute : System.Attribute;"
                    ]

                let diagnostic = Expect.wantSome (List.tryExactlyOne found) "reported once"
                Expect.equal diagnostic.Id "IQT030" "rule"
                Expect.stringContains (diagnostic.GetMessage()) "no layer kind for [Unheard] on Layer" "message"
                let tree = nonNull diagnostic.Location.SourceTree
                Expect.equal (tree.GetText().ToString diagnostic.Location.SourceSpan) "Unheard" "text pointed at"
                Expect.isEmpty result.Diagnostics "the generator is silent"
            }

        test "IQT030: a layer's name in another namespace" {
            let declaration =
                Case.network "[Conv3d(8), Elsewhere.Relu] private partial Segment Layer { get; }"

            let found, _ =
                Compiler.buildFiles [
                    "Net.cs", Compiler.preamble + declaration
                    "Elsewhere.cs", "namespace Elsewhere; public sealed class ReluAttribute : System.Attribute;"
                ]

            let diagnostic = Expect.wantSome (List.tryExactlyOne found) "reported once"
            Expect.equal diagnostic.Id "IQT030" "rule"
            Expect.stringContains (diagnostic.GetMessage()) "[Elsewhere.Relu] on Layer" "its full name"
            Expect.stringContains (diagnostic.GetMessage()) "in the namespace Iqt.Reversible" "the remedy"
        }

        test "the marker repeated on another part of the class is the compiler's error alone" {
            let part name =
                Compiler.preamble
                + $"[Network(\"net\", InputChannels = 6)] public sealed partial class Net {{ {name} }}"

            let found, result =
                Compiler.buildFiles [
                    "A.cs", part "[Conv3d(8)] private partial Segment A { get; }"
                    "B.cs", part ""
                ]

            Expect.equal (found |> List.map _.Id) [ "CS0579" ] "duplicate attribute"
            Expect.equal result.Results.Length 1 "the generator ran"
            Expect.isNull result.Results[0].Exception "and wrote the class once"
        }

        test "every rule has a case" {
            let cases =
                all
                |> List.map _.Rule
                |> Set.ofList
                |> Set.union (set [ "IQT006"; "IQT030"; "IQT031" ])

            let rules =
                Iqt.Generators.Validation.DeclarationAnalyzer().SupportedDiagnostics
                |> Seq.map _.Id
                |> Set.ofSeq

            Expect.equal cases rules "cases"
        }

        test "every rule has a page, a line in the table of pages and one in the list of releases" {
            let releases =
                File.ReadAllText(Path.Combine(root, "generators", "AnalyzerReleases.Unshipped.md"))

            let table = File.ReadAllText(Path.Combine(root, "docs", "diagnostics", "README.md"))

            for rule in Iqt.Generators.Validation.DeclarationAnalyzer().SupportedDiagnostics do
                Expect.stringContains releases $"{rule.Id} |" "AnalyzerReleases.Unshipped.md"
                Expect.stringContains table $"| [{rule.Id}]({rule.Id}.md) | {rule.Title} |" "docs/diagnostics/README.md"
                let page = Path.Combine(root, "docs", "diagnostics", $"{rule.Id}.md")
                Expect.isTrue (File.Exists page) $"docs/diagnostics/{rule.Id}.md"
                Expect.stringStarts (File.ReadAllText page) $"# {rule.Id}: {rule.Title}\n" "heading"
        }
    ]
