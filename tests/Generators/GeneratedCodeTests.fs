module Iqt.Tests.Generators.GeneratedCodeTests

open System.IO
open Expecto
open Microsoft.CodeAnalysis
open Microsoft.CodeAnalysis.CSharp
open Iqt.Generators.Parsing
open Iqt.Tests.Generators.Rules

let private root = Path.Combine(__SOURCE_DIRECTORY__, "..", "..")

let private filesOf (folder: string) = [
    for path in Directory.GetFiles(Path.Combine(root, folder), "*.cs") ->
        nonNull (Path.GetFileName path), File.ReadAllText path
]

/// Every network of the project; those of the tests name some of the models.
let private networks = [
    yield "Usings.cs", "global using System;\nglobal using System.Collections.Generic;\nglobal using System.Linq;\n"
    yield! filesOf "models"
    yield! [
        for name, text in filesOf (Path.Combine("tests", "Networks")) -> "Tests" + name, text
    ]
]

let private generated () =
    let diagnostics, result = Compiler.buildFiles networks
    Expect.isEmpty (diagnostics |> List.map string) "declared networks compile without a warning"

    [
        for tree in result.GeneratedTrees -> string (Path.GetFileName tree.FilePath), tree.ToString()
    ]

[<Tests>]
let tests =
    testList "generators/code" [
        test "one file for each concern, named after the network" {
            let names =
                generated () |> List.map fst |> List.filter _.StartsWith("Iqt.Models.EspcnRn.")

            Expect.equal
                (List.sort names)
                [
                    "Iqt.Models.EspcnRn.Backward.g.cs"
                    "Iqt.Models.EspcnRn.Forward.g.cs"
                    "Iqt.Models.EspcnRn.Inverse.g.cs"
                    "Iqt.Models.EspcnRn.g.cs"
                ]
                "files of EspcnRn"
        }

        test "it is indented as a person would, without trailing blanks and empty lines in a row" {
            for name, text in generated () do
                let lines = text.Split '\n'

                for line in lines do
                    Expect.equal (line.TrimEnd()) line $"{name}: trailing blanks"
                    Expect.equal ((line.Length - line.TrimStart().Length) % 4) 0 $"{name}: {line}"

                for first, second in Seq.pairwise lines do
                    Expect.isFalse (first = "" && second = "" && text.Length > 0) $"{name}: empty lines in a row"
                    Expect.isFalse (first.EndsWith '{' && second = "") $"{name}: an empty line opens a block"
        }

        test "it compiles without a warning as if somebody had written it" {
            // Without the mark of generated code, and with documentation comments on.
            let _, result = Compiler.buildFiles networks

            let written = [
                yield! networks
                for tree in result.GeneratedTrees ->
                    string (Path.GetFileName tree.FilePath) + ".cs",
                    tree.ToString().Replace("auto-generated", "written")
            ]

            let found =
                (Compiler.documented written).GetDiagnostics()
                |> Seq.filter (fun d -> d.Severity >= DiagnosticSeverity.Warning)
                |> Seq.map string
                |> Seq.toList

            Expect.equal found [] "warnings"
        }

        test "every name that generated code takes from elsewhere is known to be taken" {
            // A class or member of a user's that is called so gets a message (IQT017), not an error in generated code.
            let _, result = Compiler.buildFiles networks
            let _, after = Compiler.compile networks

            let used =
                set [
                    for tree in result.GeneratedTrees do
                        let tree = after.SyntaxTrees |> Seq.find (fun t -> t.FilePath = tree.FilePath)
                        let meaning = after.GetSemanticModel tree

                        for name in tree.GetRoot().DescendantNodes() |> Seq.choose tryUnbox<Syntax.SimpleNameSyntax> do
                            let isQualified =
                                match name.Parent with
                                | :? Syntax.QualifiedNameSyntax
                                | :? Syntax.AliasQualifiedNameSyntax
                                | :? Syntax.UsingDirectiveSyntax -> true
                                | :? Syntax.MemberAccessExpressionSyntax as access ->
                                    obj.ReferenceEquals(access.Name, name)
                                | _ -> false

                            match meaning.GetSymbolInfo(name).Symbol with
                            | :? INamedTypeSymbol as found when
                                not isQualified
                                && found.SpecialType = SpecialType.None
                                && found.DeclaringSyntaxReferences.Length = 0
                                ->
                                name.Identifier.ValueText
                            | _ -> ()
                ]

            Expect.equal (used - set UsedNames.Types) Set.empty "names that UsedNames lacks"
        }

        test "the reversible pass runs each residual function once a block" {
            let _, backward =
                generated ()
                |> List.find (fun (name, _) -> name.EndsWith "EspcnRn.Backward.g.cs")

            let tree = CSharpSyntaxTree.ParseText backward

            let loop =
                tree.GetRoot().DescendantNodes()
                |> Seq.choose tryUnbox<Syntax.ForStatementSyntax>
                |> Seq.map _.Statement.ToString()
                |> Seq.toList

            Expect.equal loop.Length 3 "three stacks"

            for body in loop do
                Expect.equal (body.Split("[i].F, x.Beta").Length - 1) 1 "F runs once"
                Expect.equal (body.Split("[i].G, x.Alpha").Length - 1) 1 "G runs once"
        }

        for title, source in
            [
                "a residual function of layers that take 2D and 3D, in both",
                Case.moduleWith "int channels"
                + Case.residualFunction "[GroupNorm(3), Relu, Layer<M>] private partial Layers Only { get; }"
                + Case.network2d "[Stack<G>(1)] private partial Segment Stack { get; }"
                + (Case.network "[Stack<G>(1)] private partial Segment Stack { get; }")
                    .Replace("class Net", "class Deep")
                    .Replace("\"net\"", "\"deep\"")
            ] do
            test $"{title}" {
                let diagnostics, _ = Compiler.build source
                Expect.equal (diagnostics |> List.map string) [] "compiles without a word"
            }

        test "names that C# reserves are escaped" {
            let diagnostics, _ =
                Compiler.build
                    """/// <summary>x</summary>
[Network("net", InputChannels = 6)]
public sealed partial class Net
{
    [Hyperparameter(3)] public partial int Class { get; }
    [Conv3d(8, Kernel = nameof(Class)), Relu] private partial Segment Switch { get; }
}"""

            Expect.isEmpty (diagnostics |> List.map string) "compiles"
        }
    ]
