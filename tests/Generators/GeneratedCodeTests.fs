module Iqt.Tests.Generators.GeneratedCodeTests

open System.IO
open Expecto
open Microsoft.CodeAnalysis
open Microsoft.CodeAnalysis.CSharp

let private model name =
    let file = Path.Combine(__SOURCE_DIRECTORY__, "..", "..", "models", name + ".cs")
    name + ".cs", File.ReadAllText file

let private networks = [ for name in [ "Bottleneck"; "Basic"; "Espcn"; "EspcnRn" ] -> model name ]

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
