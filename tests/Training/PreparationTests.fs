/// What iqt prepare writes, in how much memory, and that training reads it.
module Iqt.Tests.Training.PreparationTests

open System
open System.IO
open Expecto
open Iqt.Diffusion
open Iqt.Training
open Iqt.Tests
open Iqt.Tests.Training.Fixtures
open Iqt.Tests.Training.PreparationSubjects

[<Tests>]
let tests =
    testList "training/preparation" [
        testCase "as many at once as the largest subject allows, whichever comes first" (fun () ->
            TestData.inTemporaryFolder (fun folder ->
                let shorter = writeWithBaselines folder "sub-1" 4
                let longer = writeWithBaselines folder "sub-2" 5
                // Images and signals of the two: 84 bytes a voxel and a third of its signals.
                let need volumes =
                    13L * 12L * 12L * 84L + 13L * 12L * 12L * volumes * 4L / 3L

                let memory = 250_000_000L + need 10L + need 11L

                let jobs subjects name =
                    let mutable found = 0

                    Preparation.Run(
                        subjects,
                        settings,
                        Path.Combine(folder, name),
                        PreparationLimits(Jobs = 2, Memory = memory),
                        null,
                        (fun plan -> found <- plan.Jobs)
                    )
                    |> ignore

                    found

                Expect.equal (jobs [| longer; shorter |] "a") 1 "the longer one first"
                Expect.equal (jobs [| shorter; longer |] "b") 1 "the longer one last"))
        testCase "writes what training reads, and does a finished subject once" (fun () ->
            TestData.inTemporaryFolder (fun folder ->
                let output = Path.Combine(folder, "prepared")
                let files = [| write folder "sub-1"; write folder "sub-2" |]
                let prepared = Preparation.Run(files[..0], settings, output)
                let stamp = File.GetLastWriteTimeUtc prepared.Subjects[0].HighResolutionFile
                let prepared = Preparation.Run(files, settings, output)

                Expect.equal (File.GetLastWriteTimeUtc prepared.Subjects[0].HighResolutionFile) stamp "not done again"

                Expect.equal [ for s in prepared.Subjects -> s.Id ] [ "sub-1"; "sub-2" ] "subjects"
                let images = prepared.Subjects[1].Load()
                Expect.equal images.LowResolution.Grid.Size (GridSize(6, 6, 6)) "whole blocks"
                Expect.equal images.HighResolution.Grid.Size (GridSize(12, 12, 12)) "cropped to them"
                Expect.equal images.LowResolutionMask.Count 125 "whole blocks inside"
                Expect.equal images.Patches.Centres.Count 30 "patches"
                let index = images.HighResolution.Grid.Size.Index(5, 5, 5)
                Expect.floatClose Accuracy.low (1e3 * float (images.HighResolution.Element(0).[index])) 1.1 "xx"

                Expect.isEmpty
                    [ for entry in Directory.EnumerateFileSystemEntries(output, ".*") -> entry ]
                    "nothing left over"))
        testCase "prepare, train, open and evaluate fit together" (fun () ->
            TestData.inTemporaryFolder (fun folder ->
                let files = [| for i in 1..3 -> write folder $"sub-{i}" |]
                let prepared = Preparation.Run(files, settings, Path.Combine(folder, "prepared"))
                let run = Path.Combine(folder, "run")

                let training =
                    TrainingSettings.Default.With("network", "espcn").With("epochs", 1).With("testSubjects", 1)

                TrainingRun.Start(catalog.Value, prepared, training, run) |> ignore
                let roles = [ for subject in RunDirectory.Open(run).Subjects -> subject.Role ]
                Expect.equal roles[2] SubjectRole.Test "the last subject is held out"

                Expect.equal
                    (set roles)
                    (set [ SubjectRole.Training; SubjectRole.Validation; SubjectRole.Test ])
                    "each role once"

                use model = TrainedModel.Open(run, catalog.Value)
                let error = Evaluation.Of(model, prepared.Subjects[2].Load())
                Expect.isTrue (Double.IsFinite error.Total && error.Total > 0.0) "an error"
                Expect.isTrue (Double.IsNaN error.Interior) "so small a brain has no interior"))
        testCase "several at once, in little memory, and one after the other come to the same files" (fun () ->
            TestData.inTemporaryFolder (fun folder ->
                let files = [| for i in 1..4 -> write folder $"sub-{i}" |]

                let prepared name (limits: PreparationLimits) =
                    let output = Path.Combine(folder, name)
                    Preparation.Run(files, settings, output, limits) |> ignore
                    KilledPreparation.contents output

                let one = prepared "one" (PreparationLimits(Jobs = 1))
                Expect.equal (prepared "four" (PreparationLimits(Jobs = 4))) one "four at once"
                Expect.equal one.Count (1 + 4 * 8) "all files, nothing else"

                // Signals of 13·12·12 voxels fit into anything: several passes are tested with the fit.
                let few = PreparationLimits(Memory = 300_000_000L)
                Expect.equal (prepared "few" few) one "in little memory"

                Expect.throwsT<DataException>
                    (fun () -> prepared "none" (PreparationLimits(Memory = 200_000_000L)) |> ignore)
                    "too little"))
    ]
