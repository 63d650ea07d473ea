/// The scripts of experiments run from end to end, on tiny phantoms.
module Iqt.Tests.Command.ScriptTests

open System.IO
open Expecto
open Iqt.Tests
open Iqt.Tests.Command.CommandLine

let private script name =
    Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, "..", "..", "cli", "scripts", name))

let private run name options (out: string) =
    succeeds ([ "experiment"; "run"; script name; "--out"; out ] @ options)

let private bytesOf (folder: string) =
    Set [
        for path in Directory.GetFiles(folder, "best.safetensors", SearchOption.AllDirectories) ->
            path, File.GetLastWriteTimeUtc path
    ]

[<Tests>]
let tests =
    testSequenced
    <| testList "command/scripts" [
        test "fig4: a study from phantoms to the report, run again, compared and drawn" {
            TestData.inTemporaryFolder (fun folder ->
                let out = Path.Combine(folder, "fig4")
                run "fig4.fsx" [ "--preset"; "tiny" ] out |> ignore
                let report = File.ReadAllText(Path.Combine(out, "report.html"))

                for word in [ "espcn-rn1"; "interior"; "exterior"; "Holm" ] do
                    Expect.stringContains report word "report"

                // two networks, two sizes, two seeds
                let trained = bytesOf out
                Expect.hasLength trained 8 "trained networks"
                run "fig4.fsx" [ "--preset"; "tiny" ] out |> ignore
                Expect.equal (bytesOf out) trained "nothing is done twice"
                let table = (run "statistics.fsx" [] out).Out.TrimEnd().Split '\n'
                Expect.isGreaterThan table.Length 2 "a heading and rows"
                let columns = table[1].Split('\t').Length

                for row in table[1..] do
                    Expect.hasLength (row.Split '\t') columns row

                let pictures = (run "fig5.fsx" [] out).Out.TrimEnd().Split '\n'
                Expect.isNonEmpty pictures "pictures"

                for picture in pictures do
                    Expect.isTrue (File.Exists picture) picture)
        }

        test "fig6: every way of a step is measured" {
            TestData.inTemporaryFolder (fun folder ->
                let out = Path.Combine(folder, "fig6")
                run "fig6.fsx" [ "--preset"; "tiny" ] out |> ignore
                let report = File.ReadAllText(Path.Combine(out, "report.html"))

                for word in [ "espcn-rn16-fused"; "SingleGraph"; "Stored"; "step, MB" ] do
                    Expect.stringContains report word "report")
        }
    ]
