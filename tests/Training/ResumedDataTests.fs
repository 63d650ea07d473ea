/// Which data a stopped run goes on with.
module Iqt.Tests.Training.ResumedDataTests

open System.IO
open Expecto
open Iqt.Diffusion
open Iqt.Training
open Iqt.Tests
open Iqt.Tests.Training.Fixtures
open Iqt.Tests.Training.PhantomRun

/// A run that was stopped after its first epoch, and a copy of its data set to be changed.
let private withStopped (action: string -> string -> unit) =
    TestData.inTemporaryFolder (fun folder ->
        let run = Path.Combine(folder, "run")
        startUntil 2 1 run settings
        let other = Path.Combine(folder, "prepared")
        TestData.copyFolder (PhantomDataset.folder ()) other
        action run other)

[<Tests>]
let tests =
    testSequenced
    <| testList "training/resumed data" [
        test "a run is known by its data set; one that its settings can't be followed on is another" {
            withStopped (fun run other ->

                let dataOf dataset =
                    TrainingRun.DataOf(RunDirectory.Open run, PreparedDataset.Open dataset, espcnGeometry)

                Expect.isNotNull (dataOf other) "the same"

                for subject in PreparedDataset.Open(other).Subjects do
                    File.WriteAllLines(subject.PatchesFile, File.ReadAllLines subject.PatchesFile |> Array.truncate 4)

                Expect.isNull (dataOf other) "three patches a subject, where the run has six")
        }

        test "a validation subject's other images are refused; runs of earlier versions know nothing of them" {
            withStopped (fun run other ->

                let validation =
                    RunDirectory.Open(run).Subjects
                    |> Seq.find (fun subject -> subject.Role = SubjectRole.Validation)

                let prepared = Seq.exactlyOne (PreparedDataset.Open(other).Find [ validation.Id ])
                let tensors = TensorFile.Read prepared.HighResolutionFile

                // As if prepared anew with gradients that say larger b-values.
                for i in 0 .. tensors.Values.Length - 1 do
                    tensors.Values[i] <- 0.9f * tensors.Values[i]

                TensorFile.Write(prepared.HighResolutionFile, tensors)

                let resumeOn () =
                    TrainingRun.Resume(catalog.Value, PreparedDataset.Open other, run)

                Expect.stringContains
                    (refusal (fun () -> resumeOn () |> ignore))
                    "was begun on other images or patches"
                    "message"

                let last = RunDirectory.Open(run).LastCheckpoint
                let file = SafetensorsFile.Read last

                let earlier =
                    dict [
                        for pair in file.Metadata do
                            if pair.Key <> "validationData" then
                                pair.Key, pair.Value
                    ]

                SafetensorsFile(file.Entries, System.Collections.Generic.Dictionary earlier).Write last
                Expect.equal (resumeOn ()).Epochs 4 "an earlier version's run goes on")
        }

        test "other settings, other subjects and other images are refused" {
            withStopped (fun run other ->

                let refuses words action =
                    Expect.throwsC action (fun error ->
                        Expect.isTrue (error :? DataException) $"{error}"
                        Expect.stringContains error.Message words "message")

                refuses "other settings" (fun () ->
                    TrainingRun.StartOrResume(catalog.Value, PhantomDataset.opened (), settings.With("seed", 7), run)
                    |> ignore)

                let resumeOn () =
                    TrainingRun.Resume(catalog.Value, PreparedDataset.Open other, run) |> ignore

                let patches name =
                    Path.Combine(other, name, "patches.tsv")

                let first = PreparedDataset.Open(other).Subjects[0].Id
                let second = PreparedDataset.Open(other).Subjects[1].Id
                let kept = File.ReadAllText(patches first)
                File.Copy(patches second, patches first, true)
                refuses "other images or patches" resumeOn
                File.WriteAllText(patches first, kept)
                let description = Path.Combine(other, "dataset.json")
                File.WriteAllText(description, File.ReadAllText(description).Replace($"\"{first}\",", ""))
                refuses "other subjects" resumeOn)
        }
    ]
