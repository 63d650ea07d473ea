/// Options of <c>iqt train</c>: what they set, and how they are refused.
module Iqt.Tests.Command.TrainTests

open System.IO
open Expecto
open Iqt.Cli
open Iqt.Reversible
open Iqt.Training
open Iqt.Tests
open Iqt.Tests.Command.CommandLine
open Iqt.Tests.Training

let private train folder network options =
    [ "train"; network; "--data"; PhantomDataset.folder (); "--out"; folder ]
    @ [ "--epochs"; "1"; "--patches"; "2"; "--threads"; "1" ]
    @ options

[<Tests>]
let tests =
    testSequenced
    <| testList "command/train" [
        test "options of the engine become settings, and a run starts from another" {
            TestData.inTemporaryFolder (fun folder ->
                let at name = Path.Combine(folder, name)
                let settings name = RunDirectory.Open(at name).Settings

                succeeds (train (at "espcn") "espcn" [ "--stream"; "float64"; "--precision"; "bfloat16" ])
                |> ignore

                let types = settings "espcn"
                Expect.equal types.Stream (System.Nullable StreamType.F64) "stream"
                Expect.equal types.Precision ConvolutionPrecision.Bf16 "precision"

                succeeds (
                    train (at "rn") "espcn-rn" [
                        "--set"
                        "Blocks=1"
                        "--from"
                        at "espcn"
                        "--identity"
                        "--update"
                        "fused"
                        "--memory-budget"
                        "0.1GB"
                    ]
                )
                |> ignore

                let deeper = settings "rn"
                Expect.equal deeper.Update ParameterUpdate.Fused "update"
                Expect.equal deeper.MemoryBudget (System.Nullable(MemoryAmount 100_000_000L)) "budget"
                Expect.equal (deeper.From, deeper.Identity) (at "espcn", true) "start"
                Expect.equal deeper.Stream (System.Nullable()) "the engine decides"
                Expect.isNotNull (RunDirectory.Open(at "rn").ReadVersions().From) "versions.json"

                refuses
                    ExitCode.Data
                    [ "a run of espcn,"; "srdti (Blocks=4, Width=64)" ]
                    (train (at "other") "srdti" [ "--from"; at "espcn" ]))
        }

        test "an evaluation of the whole volume keeps to the memory that it is given" {
            TestData.inTemporaryFolder (fun folder ->
                let run = Path.Combine(folder, "run")
                succeeds (train run "espcn" []) |> ignore

                let evaluate megabytes =
                    iqt [
                        "evaluate"
                        run
                        "--data"
                        PhantomDataset.folder ()
                        "--subjects"
                        "sub-05"
                        "--tiling"
                        "whole"
                        "--memory"
                        megabytes
                    ]

                let refused = evaluate "1"
                Expect.equal refused.Code ExitCode.Data refused.Error
                Expect.stringContains refused.Error "1 MB were allowed" "the bound"
                let slabs, whole = evaluate "20", evaluate "2000"
                Expect.equal slabs.Code ExitCode.Success slabs.Error
                Expect.equal slabs.Out whole.Out "the same figures")
        }

        test "a run that was stopped says so, wherever it is used, and how it goes on" {
            TestData.inTemporaryFolder (fun folder ->
                let run = Path.Combine(folder, "run")
                PhantomRun.startUntil 3 2 run PhantomRun.settings

                let again words =
                    refuses ExitCode.Data words (train run "espcn" [])

                again [ run; "stopped after epoch 2 of 4"; "iqt train --resume"; "empty folder" ]

                (use _ = RunLock.Take run
                 again [ run; "is being trained by another process"; "another folder" ])

                let evaluate () =
                    succeeds [ "evaluate"; run; "--data"; PhantomDataset.folder (); "--subjects"; "sub-05" ]

                let scan =
                    Path.Combine(PhantomDataset.folder (), "../phantoms/sub-05/dwi/sub-05_dwi.nii")

                let predict () =
                    succeeds [ "predict"; run; scan; "--out"; folder ]

                for outcome in [ evaluate (); predict () ] do
                    Expect.stringContains
                        outcome.Error
                        $"{run}: its training was stopped after epoch 2 of 4"
                        "what it is"

                    Expect.stringContains outcome.Error "the weights are those of epoch " "which weights"

                use best =
                    TrainedModel.Open(run, NetworkCatalog [ System.Reflection.Assembly.Load "Iqt.Models" ])

                let sidecar =
                    Path.Combine(folder, "sub-05_desc-superresolved_model-tensor_param-diffusivity_dwimap.json")

                use document = System.Text.Json.JsonDocument.Parse(File.ReadAllText sidecar)
                let origin = document.RootElement.GetProperty("GeneratedBy")[0]
                Expect.equal (origin.GetProperty("Epoch").GetInt32()) best.Checkpoint.Epoch "beside the result"

                PhantomRun.resume run |> ignore
                again [ run; "holds a finished run"; "another folder" ]

                for outcome in [ evaluate (); predict () ] do
                    Expect.isFalse (outcome.Error.Contains "epoch") outcome.Error)
        }

        test "predict says that it replaces what another run predicted, and nothing over its own" {
            TestData.inTemporaryFolder (fun folder ->
                let run name seed =
                    let run = Path.Combine(folder, name)
                    succeeds (train run "espcn" [ "--seed"; seed ]) |> ignore
                    run

                let scan =
                    Path.Combine(PhantomDataset.folder (), "../phantoms/sub-05/dwi/sub-05_dwi.nii")

                let predict run =
                    (succeeds [ "predict"; run; scan; "--out"; Path.Combine(folder, "out") ]).Error

                let first, second = run "first" "1", run "second" "2"

                let image =
                    "sub-05_desc-superresolved_model-tensor_param-diffusivity_dwimap.nii.gz is replaced"

                Expect.isFalse ((predict first).Contains "replaced") "nothing is there"
                Expect.isFalse ((predict first).Contains "replaced") "its own"

                let tensors =
                    Path.Combine(
                        folder,
                        "out",
                        "sub-05_desc-superresolved_model-tensor_param-diffusivity_dwimap.nii.gz"
                    )

                succeeds [ "maps"; tensors ] |> ignore
                let said = predict second
                Expect.stringContains said "old weights: ad, colorfa, rd. iqt maps " "what stays of the first"
                Expect.stringContains said image "what"
                Expect.stringContains said (Path.Combine(first, "checkpoints", "best.safetensors")) "whose"
                Expect.isFalse ((predict second).Contains "replaced") "its own now")
        }

        for name, options, words in
            [
                "fused beside clipping",
                [ "--update"; "fused"; "--clip-norm"; "1" ],
                [ "update: fused (--update)"; "clipNorm: 1 (--clip-norm)" ]
                "fused beside one graph",
                [ "--update"; "fused"; "--mode"; "single-graph" ],
                [ "update: fused (--update)"; "mode: singleGraph (--mode)" ]
                "a budget beside stored activations",
                [ "--memory-budget"; "40MB"; "--mode"; "stored" ],
                [ "memoryBudget: 40MB (--memory-budget)"; "mode: stored" ]
                "a budget without a unit", [ "--memory-budget"; "40" ], [ "--memory-budget: '40' has no unit" ]
                "a budget too small", [ "--memory-budget"; "1MB" ], [ "budget of 1.0 MB is too small"; "a step takes" ]
                "identity without a run", [ "--identity" ], [ "(--identity)"; "(--from)" ]
                "an unknown stream", [ "--stream"; "float16" ], [ "--stream"; "float32"; "float64" ]
            ] do
            test name {
                TestData.inTemporaryFolder (fun folder ->
                    let run = Path.Combine(folder, "run")
                    refuses ExitCode.Usage words (train run "espcn-rn" options)
                    Expect.isFalse (Directory.Exists run) "nothing is left")
            }

        test "a run that is refused leaves a folder as it was, and none that was not there" {
            TestData.inTemporaryFolder (fun folder ->
                let refused run =
                    refuses ExitCode.Data [ "subjects"; "were expected" ] (train run "espcn" [ "--subjects"; "99" ])

                refused (Path.Combine(folder, "new", "run"))
                Expect.isEmpty (Directory.GetFileSystemEntries folder) "no folder"
                let there = Path.Combine(folder, "there")
                Directory.CreateDirectory there |> ignore
                refused there
                Expect.isEmpty (Directory.GetFileSystemEntries there) "no file")
        }

        test "too few subjects are left for training and validation" {
            TestData.inTemporaryFolder (fun folder ->
                let refused words options =
                    refuses ExitCode.Data words (train (Path.Combine(folder, "run")) "espcn" options)

                refused [
                    "the data set has 5 subjects; 4 of them left for testing (--test-subjects) leave 1"
                    "at least 2"
                    "--validation patches"
                ] [ "--test-subjects"; "4" ]

                refused [
                    "the data set has 5 subjects; 9 of them left for testing (--test-subjects) leave none"
                    "at least 2 were expected: one to train on, one to validate"
                    "leave fewer for testing"
                ] [ "--test-subjects"; "9" ]

                refused [ "1 subject was asked for (--subjects)"; "at least 2" ] [ "--subjects"; "1" ])
        }

        test "no run to start from" {
            TestData.inTemporaryFolder (fun folder ->
                refuses
                    ExitCode.Data
                    [ "settings.json"; "the folder of a run" ]
                    (train (Path.Combine(folder, "run")) "espcn" [ "--from"; folder ]))
        }

        test "a run that goes on keeps its own way of updating" {
            refuses ExitCode.Usage [ "--resume goes on with the run's own settings" ] [
                "train"
                "--resume"
                "--data"
                PhantomDataset.folder ()
                "--out"
                "run"
                "--update"
                "fused"
            ]
        }
    ]
