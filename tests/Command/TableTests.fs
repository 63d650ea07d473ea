/// What commands print for people: the columns of their tables, and that figures stand below them.
module Iqt.Tests.Command.TableTests

open System.IO
open System.Text.RegularExpressions
open Expecto
open Iqt.Cli.Completion
open Iqt.Tests
open Iqt.Tests.Command.CommandLine

/// The rows below a line with these columns, up to an empty line.
let private rows (columns: string list) (outcome: Outcome) =
    let lines = outcome.Out.Split '\n' |> Array.map _.TrimEnd() |> List.ofArray
    let pattern = columns |> List.map Regex.Escape |> String.concat @"[ |]+"

    match lines |> List.skipWhile (fun line -> not (Regex.IsMatch(line, pattern))) with
    | [] -> failtest $"no line with {columns} in {outcome.Out}"
    | _ :: rows ->
        rows
        |> List.filter (fun row -> not (Regex.IsMatch(row, @"^[-─|: ]+$") && row <> ""))
        |> List.takeWhile ((<>) "")

// A table of eight subjects; the rows are those of the numbers 1 to 8 and the table's shift.
let private figures (folder: string) (header: string) (row: int -> float -> string) (name: string) (shift: float) =
    let path = Path.Combine(folder, name)
    File.WriteAllLines(path, $"subject,{header}" :: [ for i in 1..8 -> $"sub-{i},{row i shift}" ])
    path

[<Tests>]
let tests =
    testList "command/tables" [
        test "networks: each with what it is and its hyperparameters" {
            let lines = (succeeds [ "networks" ]).Out.Split '\n'
            Expect.contains lines "espcn-rn" "a network"
            Expect.exists lines _.StartsWith("    Blocks=4 ") "its hyperparameter"

            let trained =
                lines
                |> Array.filter _.StartsWith("iqt train takes those of diffusion tensors: ")

            // A network that somebody adds to models/ stands there too.
            for name in [ "espcn"; "espcn-rn"; "srdti" ] do
                Expect.exists trained (fun line -> Regex.IsMatch(line, @$"[ ,]{name}[,.]")) $"{name} in {trained}"
        }

        test "describe: a row a segment" {
            let found =
                succeeds [ "describe"; "espcn-rn"; "--set"; "Blocks=4" ]
                |> rows [ "segment" ]
                |> List.map (fun row -> row.Split(' ')[0])

            for segment in [ "Stack1"; "Layer1"; "Stack2"; "Layer2"; "Stack3"; "Layer3"; "Output" ] do
                Expect.contains found segment "a segment"
        }

        test "check: property, error, tolerance, verdict" {
            let found =
                succeeds [ "check"; "espcn" ]
                |> rows [ "property"; "of"; "error"; "tolerance"; "verdict" ]

            Expect.isGreaterThan found.Length 3 "checks"

            Expect.all
                found
                (fun row -> Regex.IsMatch(row, @"\d\.\d\de-?\d\d +\d+e-\d\d +holds$"))
                "figures and verdict"
        }

        test "bench memory: a process for each cell" {
            let found =
                succeeds [
                    "bench"
                    "memory"
                    "espcn-rn"
                    "--set"
                    "Blocks=1"
                    "--mode"
                    "reversible"
                    "--batch"
                    "1"
                    "--warm-up"
                    "1"
                    "--format"
                    "markdown"
                ]
                |> rows [ "settings"; "mode"; "update"; "weights MB"; "step's peak MB" ]

            Expect.hasLength found 2 "updated behind the pass and within it"
            Expect.all found (fun row -> Regex.IsMatch(row, @"^\| Blocks=1 \| reversible \|.*\d")) "cells"
        }

        test "bench speed: the ways beside an ordinary step" {
            let document =
                json (
                    succeeds [
                        "bench"
                        "speed"
                        "espcn"
                        "--mode"
                        "stored"
                        "--update"
                        "behind"
                        "--batch"
                        "1"
                        "--warm-up"
                        "0"
                        "--rounds"
                        "1"
                        "--json"
                    ]
                )

            let ways = [ for row in document.GetProperty("rows").EnumerateArray() -> row ]
            Expect.hasLength ways 2 "ordinary and stored"

            for way in ways do
                Expect.isGreaterThan (way.GetProperty("medianMilliseconds").GetDouble()) 0.0 "time"
        }

        test "stats wilcoxon: a row a column" {
            TestData.inTemporaryFolder (fun folder ->
                let table = figures folder "total" (fun i shift -> $"{20.0 + float i + shift}")

                let found =
                    succeeds [ "stats"; "wilcoxon"; table "a.csv" 1.0; table "b.csv" 0.0 ]
                    |> rows [ "column"; "n"; "A"; "B"; "W"; "exact p" ]

                Expect.hasLength found 1 "rows"
                Expect.stringContains found.Head "0.007813" "the least exact p of eight pairs")
        }

        test "stats wilcoxon: columns with gaps are left out and said, unless they are named" {
            TestData.inTemporaryFolder (fun folder ->
                let table =
                    figures folder "interior,total" (fun i shift -> $",{20.0 + float i + shift}")

                let tables = [ table "a.csv" 1.0; table "b.csv" 0.0 ]
                let outcome = succeeds ([ "stats"; "wilcoxon" ] @ tables)
                Expect.hasLength (rows [ "column"; "n"; "A"; "B"; "W"; "exact p" ] outcome) 1 "total alone"
                Expect.stringContains outcome.Error "Left out, as not every subject has a figure: interior." "said"
                let named = iqt ([ "stats"; "wilcoxon" ] @ tables @ [ "--column"; "interior" ])
                Expect.equal named.Code Iqt.Cli.ExitCode.Data named.Error)
        }

        test "stats wilcoxon: digits of each figure as in an evaluation, and which sign is better" {
            TestData.inTemporaryFolder (fun folder ->
                let table =
                    figures folder "total,fa,ssim,age" (fun i shift ->
                        let value = float i / 1000.0 + shift
                        $"{20.0 + value},{0.16 + value},{0.8 + value},{30 + i}")

                let outcome =
                    succeeds [ "stats"; "wilcoxon"; table "a.csv" 0.01; table "b.csv" 0.0 ]

                let row name =
                    outcome.Out.Split '\n'
                    |> Array.find (fun line -> line.StartsWith(name + " ", System.StringComparison.Ordinal))

                Expect.stringContains (row "total") "20.01 ± 0.00" "as in an evaluation"
                Expect.stringContains (row "fa") "0.1745 ± 0.0024" "FA"
                Expect.stringContains (row "ssim") "0.8145 ± 0.0024" "SSIM"
                Expect.stringContains (row "age") "34.50 ± 2.45" "any other"

                Expect.stringContains
                    outcome.Out
                    "total, fa: less is better, A is ahead where A − B is negative."
                    "errors"

                Expect.stringContains
                    outcome.Out
                    "ssim: more is better, A is ahead where A − B is positive."
                    "likenesses")
        }

        test "demo --quick: all methods, a report and a picture" {
            TestData.inTemporaryFolder (fun folder ->
                let out = Path.Combine(folder, "demo")
                let outcome = succeeds [ "demo"; "--quick"; "--out"; out ]
                let found = outcome |> rows [ "method"; "interior"; "exterior"; "total" ]

                for method in [ "cubic interpolation"; "espcn "; "espcn-rn " ] do
                    Expect.exists found _.Contains(method) method

                let report = File.ReadAllText(Path.Combine(out, "report.html"))
                Expect.stringContains outcome.Out (Path.Combine(out, "report.html")) "where the report is"
                Expect.stringContains report "name=\"viewport\"" "fits a telephone"
                Expect.stringContains report "<div class=\"wide\"><table>" "a table that scrolls, not the page"
                let pictures = Regex.Count(report, "src=\"data:image/png;base64,")
                Expect.equal pictures 5 "input, cubic, truth, both networks, apart so that they can wrap"
                Expect.stringContains report "alt=\"cubic\"" "what a network has to be better than"
                Expect.stringContains report "–: no such voxel" "why there is no figure of the interior"
                Expect.isFalse (report.Contains "is ahead here") "one subject says nothing of depth"

                for column in [ "interior"; "exterior"; "total"; "covered"; "MD"; "FA"; "PSNR"; "SSIM" ] do
                    Expect.stringContains report $"<th>{column}</th>" "what the console prints"

                for text in [ report; outcome.Out.Replace('\n', ' ') ] do
                    Expect.stringContains text "With 24 subjects" "why the reversible network need not win here"

                let next = Regex.Matches(report, "<code>iqt ([^<]+)</code>")
                Expect.isGreaterThan next.Count 2 "what next"

                for command in next do
                    Iqt.Cli.Command.parser().ParseCommandLine(command.Groups[1].Value.Split ' ')
                    |> ignore

                let again = json (succeeds [ "demo"; "--quick"; "--out"; out; "--json" ])
                Expect.equal (again.GetProperty("methods").GetArrayLength()) found.Length "the same methods"
                Expect.isTrue (File.Exists(string (again.GetProperty("picture").GetString()))) "the picture")
        }

        test "every command is run by a test" {
            let sources =
                [
                    for path in
                        Directory.GetFiles(
                            Path.Combine(__SOURCE_DIRECTORY__, ".."),
                            "*.fs",
                            SearchOption.AllDirectories
                        ) -> File.ReadAllText path
                ]
                |> String.concat "\n"

            let rec leaves (node: CommandTree.Node) =
                if node.Commands.IsEmpty then
                    [ node ]
                else
                    List.collect leaves node.Commands

            let missing = [
                for node in leaves (CommandTree.ofParser [ "iqt" ] (Iqt.Cli.Command.parser ())) do
                    let words = List.tail node.Words
                    let call = words |> List.map (fun word -> $"\"{word}\"") |> String.concat @";?\s+"

                    if not (Regex.IsMatch(sources, $@"\[\s*{call}")) then
                        String.concat " " words
            ]

            Expect.equal missing [] "commands that no test runs"
        }
    ]
