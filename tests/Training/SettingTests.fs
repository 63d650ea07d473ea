module Iqt.Tests.Training.SettingTests

open Expecto
open Iqt.Diffusion
open Iqt.Reversible
open Iqt.Training
open Iqt.Tests
open Iqt.Tests.Training.PhantomRun

let private change changes =
    (settings.With("epochs", 1), changes)
    ||> List.fold (fun (settings: TrainingSettings) (name, value: objnull) -> settings.With(name, value))

let private fused: string * objnull = "update", box "fused"
let private budget: string * objnull = "memoryBudget", box "40MB"

[<Tests>]
let tests =
    testList "training/settings" [
        for name, changes, words in
            [
                "fused, clipped", [ fused; "clipNorm", box 0.5 ], [ "update: fused"; "clipNorm: 0.5"; "all gradients" ]
                "fused, one graph", [ fused; "mode", "singleGraph" ], [ "update: fused"; "mode: singleGraph" ]
                "budget, stored", [ budget; "mode", "stored" ], [ "memoryBudget: 40MB"; "mode: stored"; "reversible" ]
                "budget, sixteen bits",
                [ budget; "precision", "bfloat16" ],
                [ "memoryBudget: 40MB"; "precision: bfloat16" ]
                "identity without a run", [ "identity", box true ], [ "identity: true"; "from" ]
            ] do
            test $"{name}: refused with both names, before anything is written" {
                TestData.inTemporaryFolder (fun folder ->
                    // One by one they are no error: the order of changes must not matter.
                    let settings = change changes
                    let run = System.IO.Path.Combine(folder, "run")
                    let message = refusal (fun () -> start run settings |> ignore)

                    for word in words do
                        Expect.stringContains message word "message"

                    Expect.isFalse (System.IO.Directory.Exists run) "no folder")
            }

        test "a budget too small is refused with the smallest that would do, before the run is written" {
            TestData.inTemporaryFolder (fun folder ->
                let run = System.IO.Path.Combine(folder, "run")

                let message =
                    refusal (fun () -> start run (settings.With("memoryBudget", "1MB")) |> ignore)

                Expect.isMatch message @"budget of 1\.0 MB is too small .* a step takes \d+\.\d MB" "message"
                Expect.isFalse (RunDirectory.Exists run) "no run")
        }

        test "what two settings of a study's network contradict is found when the study begins" {
            let study =
                Iqt.Experiments.Studies.StudyBuilder.study "s" {
                    prepared "prepared"
                    testSubjects 1
                    subjects 2
                    network "espcn" "espcn" []
                    networkWith "rn" "espcn-rn" [] [ "clipNorm", box 1.0 ]
                    setting "update" ParameterUpdate.Fused
                }

            Expect.stringContains
                (refusal (fun () -> Iqt.Experiments.Studies.StudyRules.check study))
                "clipNorm: 1 (--clip-norm)"
                "message"
        }

        test "settings of earlier versions, and all new ones, come back from their file" {
            let all =
                change [
                    fused
                    budget
                    "precision", box ConvolutionPrecision.Bf16
                    "stream", box StreamType.F64
                    "from", box "runs/espcn"
                    "identity", box true
                ]

            let text = all.Format()

            for line in
                [
                    "\"update\": \"fused\""
                    "\"memoryBudget\": \"40MB\""
                    "\"precision\": \"bfloat16\""
                    "\"stream\": \"float64\""
                    "\"from\": \"runs/espcn\""
                    "\"identity\": true"
                ] do
                Expect.stringContains text line "settings.json"

            Expect.equal (TrainingSettingsJson.Parse(text, "s").Format()) text "round trip"
            let earlier = TrainingSettingsJson.Parse("""{"network":"espcn","epochs":3}""", "s")

            Expect.equal
                (earlier.Update, earlier.Precision)
                (ParameterUpdate.Behind, ConvolutionPrecision.F32)
                "as then"
        }

        test "a value of another kind: what was found and what is expected" {
            let refused (name, value: objnull) =
                refusal (fun () -> TrainingSettings.Default.With(name, value) |> ignore)

            for setting, words in
                [
                    ("loss", box "voxels"), "loss is \"voxels\"; one of allVoxels, brainVoxels is expected"
                    ("precision", box "half"), "precision is \"half\"; one of float32, bfloat16 is expected"
                    ("learningRate", box "fast"), "learningRate is \"fast\"; a number is expected"
                    ("clipNorm", box "1"), "clipNorm is \"1\"; a number is expected"
                    ("epochs", box 1.5), "epochs is 1.5; a whole number up to 2147483647 is expected"
                    ("seed", box -1), "seed is -1; a whole number that is not negative is expected"
                    ("identity", box 1), "identity is 1; true or false is expected"
                    ("network", box 3), "network is 3; text is expected"
                    ("hyperparameters", box 3), "hyperparameters is 3; an object of whole numbers is expected"
                    ("clipNorm", box nan), "clipNorm is NaN; a finite number is expected"
                    ("learningRate", box infinity), "learningRate is Infinity; a finite number is expected"
                ] do
                Expect.stringContains (refused setting) words "message"

            let inFile json =
                refusal (fun () -> TrainingSettingsJson.Parse(json, "settings.json") |> ignore)

            Expect.stringContains
                (inFile """{"epochs":"3"}""")
                "settings.json: epochs is \"3\"; a whole number"
                "of a file"

            Expect.equal
                (inFile """{"epoch":3}""")
                "settings.json: this Iqt knows no 'epoch'. Did you mean epochs? If another version or build of it wrote the file, use that one; else correct it."
                "of a key"

            // Behind a fault, what follows may be no JSON at all.
            Expect.stringContains (inFile """{"epochs":"3",""") "settings.json: " "broken"

            Expect.stringContains
                (inFile """{"hyperparameters":{"Blocks":"4"}}""")
                "$.hyperparameters.Blocks"
                "deeper: where"
        }

        test "amounts of memory: units, and what is none" {
            for text, bytes in
                [
                    "600MB", 600_000_000L
                    "1.5GB", 1_500_000_000L
                    "512MiB", 536_870_912L
                    "3 kb", 3_000L
                    "0.001KB", 1L
                ] do
                Expect.equal (MemoryAmount.Parse text).Bytes bytes text

            for bytes in [ 1L; 12_345_678L; 536_870_912L; 9_007_199_254_740_993L ] do
                Expect.equal (MemoryAmount.Parse(string (MemoryAmount bytes))).Bytes bytes "to the byte"

            for text in [ ""; "600"; "MB"; "-1MB"; "0MB"; "1e3MB"; "99999999999999999999GB"; "much" ] do
                Expect.throwsT<System.FormatException> (fun () -> MemoryAmount.Parse text |> ignore) text

            for value in [ box 40; box "40"; box "much" ] do
                Expect.throwsT<DataException>
                    (fun () -> TrainingSettings.Default.With("memoryBudget", value) |> ignore)
                    $"{value}"
        }
    ]
