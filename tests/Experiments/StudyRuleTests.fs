/// What a study is refused for, and what its script says that it keeps.
module Iqt.Tests.Experiments.StudyRuleTests

open System.IO
open Expecto
open Iqt.Diffusion
open Iqt.Experiments.Studies
open Iqt.Reversible
open Iqt.Training
open Iqt.Tests

let private refused (words: string list) (action: unit -> unit) =
    Expect.throwsC action (fun error ->
        Expect.isTrue (error :? DataException) $"{error}"

        for word in words do
            Expect.stringContains error.Message word "message")

let private changed (name: string) (value: obj) : Study =
    StudyBuilder.study "s" {
        prepared "prepared"
        testSubjects 2
        subjects 3
        networkWith "espcn" "espcn" [] [ name, value ]
    }

let private measured changes mode repetitions : Study =
    StudyBuilder.study "s" {
        networkWith "rn" "espcn-rn" [] changes
        measure repetitions [ "rn", mode ]
    }

[<Tests>]
let tests =
    testList "experiments/rules" [
        test "a setting that the study itself decides is refused, with what to write instead" {
            for name, given, instead in
                [
                    "testSubjects", box 4, "testSubjects 8"
                    "seed", box 7, "seeds 4"
                    "subjects", box 5, "subjects 8"
                    "patchesPerSubject", box 5, "subjectsWith 24 80"
                    "network", box "espcn", "network \"label\" \"espcn\" []"
                    "hyperparameters", box (dict [ "Blocks", 2 ]), "network \"label\" \"espcn-rn\" [ (\"Blocks\", 4) ]"
                    "threads", box 2, "--threads"
                ] do
                let value = nonNull given

                refused [ "study s"; $"'{name}'"; instead ] (fun () ->
                    StudyBuilder.study "s" { setting name value } |> ignore)

                refused [ "study s"; "espcn"; $"'{name}'"; instead ] (fun () -> StudyRules.check (changed name value))

            StudyRules.check (changed "learningRate" 3e-4)
        }

        test "settings stay, whether the protocol stands before or behind them" {
            let behind: Study =
                StudyBuilder.study "s" {
                    setting "epochs" 7
                    setting "learningRate" 1e-3
                    protocol TrainingSettings.Paper
                }

            let before: Study =
                StudyBuilder.study "s" {
                    protocol TrainingSettings.Paper
                    setting "epochs" 7
                    setting "learningRate" 1e-3
                }

            Expect.equal (before.Settings.Epochs, before.Settings.LearningRate) (7, 1e-3) "the settings"
            Expect.equal before.Settings.Initialization InitializationScheme.He "the protocol's"
            Expect.equal (behind.Settings.Format()) (before.Settings.Format()) "the same"
        }

        test "steps that can't be measured are refused before anything begins" {
            let fused = [ "update", box "fused" ]

            refused [ "study s"; "'rn'"; "update: fused"; "mode: singleGraph" ] (fun () ->
                StudyRules.check (measured fused BackpropagationMode.SingleGraph 1))

            refused [ "study s"; "0 steps"; "at least 1" ] (fun () ->
                StudyRules.check (measured [] BackpropagationMode.Stored 0))

            StudyRules.check (measured fused BackpropagationMode.Reversible 1)
        }

        test "a single subject can't be held out and trained on" {
            let study validation = {
                changed "validation" validation with
                    Sizes = [ 1, None ]
            }

            refused [ "study s"; "1 subject"; "at least 2"; "validation" ] (fun () ->
                StudyRules.check (study ValidationUnit.Subjects))

            StudyRules.check (study ValidationUnit.Patches)
        }

        test "what a kill leaves of study.json is in nobody's way" {
            TestData.inTemporaryFolder (fun folder ->
                let at name = Path.Combine(folder, name)
                File.WriteAllText(at ".study.json.x1y2.tmp", "{")
                StudyFolder.Begin(folder, EvaluatedStudy.study) |> ignore
                Expect.isTrue (File.Exists(at "study.json")) "begun"
                File.Delete(at "study.json")
                File.WriteAllText(at "thesis.txt", "")
                refused [ "something else" ] (fun () -> StudyFolder.Begin(folder, EvaluatedStudy.study) |> ignore))
        }
    ]
