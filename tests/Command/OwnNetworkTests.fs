/// Networks of a user's own, from a plugin: what the commands ask of them, and how they say it.
module Iqt.Tests.Command.OwnNetworkTests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open Iqt.Cli
open Iqt.Training
open Iqt.Tests
open Iqt.Tests.Command.CommandLine
open Iqt.Tests.Training

let private plugin = [ "--plugin"; Path.Combine(AppContext.BaseDirectory, "Iqt.Tests.Networks.dll") ]

let private bench kind network more =
    [ "bench"; kind; network; "--mode"; "reversible"; "--update"; "behind" ]
    @ [ "--batch"; "1"; "--warm-up"; "1" ]
    @ plugin
    @ more

let private train network folder more =
    [ "train"; network; "--data"; PhantomDataset.folder (); "--out"; folder ]
    @ [ "--epochs"; "1"; "--patches"; "2"; "--threads"; "1" ]
    @ plugin
    @ more

let private inRun action =
    TestData.inTemporaryFolder (fun folder -> action (Path.Combine(folder, "run")))

[<Tests>]
let tests =
    // A module of a user's own draws from the global generator.
    testSequenced
    <| testList "command/own networks" [
        test "memory and time are measured, with an edge that fits where none is named" {
            let size arguments =
                (json (succeeds (arguments @ [ "--json" ]))).GetProperty("size").GetInt32()

            Expect.equal (size (bench "memory" "even-edges" [])) 12 "the next longer edge than 11 that fits"

            Expect.equal
                (size (bench "speed" "even-edges" [ "--rounds"; "1"; "--size"; "4" ]))
                4
                "the edge that was named"
        }

        for kind in [ "memory"; "speed" ] do
            test $"bench {kind}: an edge that does not fit is refused with those that do" {
                refuses
                    ExitCode.Usage
                    [
                        "--size 11"
                        "Merge joins edges of 11 (Encoder) and 10 (Up)"
                        "Edges of 10 or 12 voxels fit"
                    ]
                    (bench kind "even-edges" [ "--size"; "11" ])
            }

        test "the help of bench names the help of its benchmarks" {
            let help = (succeeds [ "bench"; "--help" ]).Out
            Expect.stringContains help "iqt bench <subcommand> --help" "help"
            Expect.stringContains (succeeds [ "--help" ]).Out "'iqt <subcommand> --help'" "the command's own"
        }

        test "patches that don't fit are refused before anything is written, with the setting that mends it" {
            inRun (fun run ->
                refuses
                    ExitCode.Usage
                    [
                        "Merge joins edges of 11 (Encoder) and 10 (Up)"
                        "edges of 10 or 12"
                        "--setting patchSize=12"
                    ]
                    (train "even-edges" run [])

                Expect.isFalse (RunDirectory.Exists run) "no run"

                succeeds (train "even-edges" run [ "--setting"; "patchSize=12" ]) |> ignore

                refuses ExitCode.Usage [ "'even-edges'"; "--plugin" ] [
                    "train"
                    "--resume"
                    "--data"
                    PhantomDataset.folder ()
                    "--out"
                    run
                ])
        }

        test "a network for other images than diffusion tensors is refused before anything is written" {
            inRun (fun run ->
                refuses
                    ExitCode.Usage
                    [ "one-channel"; "1 channel in and 1 out"; "6 in and 6 out" ]
                    (train "one-channel" run [])

                Expect.isFalse (RunDirectory.Exists run) "no run")
        }

        for network, words in
            [
                "narrower-function",
                [
                    "NarrowerModule"
                    "1 channels for 2"
                    "A residual function keeps channels and size"
                ]
                "shorter-layer", [ "ShorterModule"; "keeps the size" ]
                "overwriting-function", [ "OverwritingModule"; "changes its input" ]
                "hiding-layer", [ "HidingModule"; "changes its input" ]
                "throwing-layer", [ "ThrowingModule"; "failed on an input of [2, 4," ]
                "converting-layer",
                [
                    "ConvertingModule gave Float16"
                    "for an input of Float64"
                    "its type and device"
                ]
                "disposing-function", [ "DisposingModule"; "disposes its input" ]
            ] do
            test $"a module's own fault is told with its name: {network}" {
                refuses ExitCode.Usage words ([ "check"; network ] @ plugin)
            }

        test "depths are those of the hyperparameter Blocks" {
            let check network more =
                [ "check"; network; "--depths"; "2,4" ] @ more @ plugin

            refuses ExitCode.Usage [ "Blocks, which choices lacks (it has Width,"; "--set" ] (check "choices" [])
            refuses ExitCode.Usage [ "it has no hyperparameters" ] (check "memories" [])
            refuses ExitCode.Usage [ "leave --set Blocks out" ] (check "espcn-rn" [ "--set"; "Blocks=3" ])
            refuses ExitCode.Usage [ "--depths 0" ] [ "check"; "espcn-rn"; "--depths"; "0" ]
        }

        test "training says whom no gradient reaches, and stays silent where all learn" {
            let said network more =
                let mutable error = ""
                inRun (fun run -> error <- (succeeds (train network run more)).Error)
                error

            let cut = said "detaching-tensors" []
            Expect.stringContains cut "No gradient reaches Before, which learn nothing" "who"
            Expect.stringContains cut "iqt check" "what to do"

            Expect.isFalse
                ((said "espcn-rn" [ "--set"; "Blocks=1" ]).Contains "No gradient")
                "a stack that starts as the identity"
        }

        test "describe says that what a module of one's own makes is not predicted, and only then" {
            let said network more =
                (succeeds ([ "describe"; network ] @ more)).Out.Contains "iqt bench memory measures it"

            Expect.isTrue (said "typeless" plugin) "with modules"
            Expect.isFalse (said "choices" plugin) "without"
        }

        test "a hyperparameter that breaks a sum is refused before anything is described" {
            refuses
                ExitCode.Usage
                [ "Total adds Stem (20 channels) and Merge (16 channels)" ]
                ([ "describe"; "choices"; "--set"; "Width=20" ] @ plugin)
        }

        test "each depth says the type of its stream" {
            let out = (succeeds [ "check"; "espcn-rn"; "--depths"; "1,16" ]).Out

            let row depth stream =
                Expect.isTrue
                    (Regex.IsMatch(out, $@"inversion +Stack1, {depth} blocks +{stream} "))
                    $"{depth} blocks, {stream}: {out}"

            row 1 "float32"
            row 16 "float64"
        }
    ]
