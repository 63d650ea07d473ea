module Iqt.Tests.Training.PreparationTests

open System
open System.IO
open Expecto
open Iqt.Diffusion
open Iqt.Training
open Iqt.Tests
open Iqt.Tests.Training.Fixtures

let private directions = [
    GradientDirection(1, 0, 0)
    GradientDirection(0, 1, 0)
    GradientDirection(0, 0, 1)
    GradientDirection(sqrt 0.5, sqrt 0.5, 0)
    GradientDirection(sqrt 0.5, 0, sqrt 0.5)
    GradientDirection(0, sqrt 0.5, sqrt 0.5)
]

/// Six directions of an isotropic signal, one voxel more along x than blocks fill.
let private write folder id =
    let space = grid 13 12 12
    let size = space.Size

    let volume b =
        Array.init size.Voxels (fun i ->
            let struct (x, _, _) = size.Position i
            float32 (1000.0 * exp (-b * 1e-3 * (1.0 + 0.02 * float x))))

    let dwi = Path.Combine(folder, id + ".nii.gz")
    DwiFile.Write(dwi, DwiSeries(space, [ volume 0.0; yield! [ for _ in directions -> volume 1000.0 ] ]))

    let gradients =
        GradientFiles(Path.Combine(folder, id + ".bval"), Path.Combine(folder, id + ".bvec"))

    gradients.Write(
        GradientTable([| 0.0; yield! [ for _ in directions -> 1000.0 ] |], [| GradientDirection(); yield! directions |])
    )

    let mask = Path.Combine(folder, id + "_mask.nii.gz")
    MaskFile.Write(mask, maskOf space (fun x y z -> x > 1 && y > 1 && z > 1))
    SubjectFiles(id, id, dwi, gradients, mask)

let private settings = PreparationSettings(Patches = 30)

[<Tests>]
let tests =
    testList "training" [
        testList "preparation" [
            testCase "writes what training reads, and does a finished subject once" (fun () ->
                TestData.inTemporaryFolder (fun folder ->
                    let output = Path.Combine(folder, "prepared")
                    let files = [| write folder "sub-1"; write folder "sub-2" |]
                    let prepared = Preparation.Run(files[..0], settings, output)
                    let stamp = File.GetLastWriteTimeUtc prepared.Subjects[0].HighResolutionFile
                    let prepared = Preparation.Run(files, settings, output)

                    Expect.equal
                        (File.GetLastWriteTimeUtc prepared.Subjects[0].HighResolutionFile)
                        stamp
                        "not done again"

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
            testCase "other settings, too few subjects and missing ones are told apart" (fun () ->
                TestData.inTemporaryFolder (fun folder ->
                    let output = Path.Combine(folder, "prepared")

                    let fault action =
                        try
                            action () |> ignore
                            failtest "not refused"
                        with :? PreparedDatasetException as error ->
                            error.Fault

                    Expect.equal
                        (fault (fun () -> PreparedDataset.Open output))
                        PreparedDatasetFault.NotPrepared
                        "nothing there"

                    let files = [| write folder "sub-1" |]
                    let prepared = Preparation.Run(files, settings, output)

                    Expect.equal
                        (fault (fun () -> Preparation.Run(files, PreparationSettings(Patches = 31), output)))
                        PreparedDatasetFault.OtherSettings
                        "other settings"

                    Expect.equal
                        (fault (fun () -> prepared.Choose(Nullable 8, 0)))
                        PreparedDatasetFault.TooFewSubjects
                        "too few"

                    Directory.Delete(prepared.Subjects[0].Folder, true)

                    Expect.equal
                        (fault (fun () -> PreparedDataset.Open output))
                        PreparedDatasetFault.Incomplete
                        "missing"))
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
            testCase "a broken subject is named and leaves nothing" (fun () ->
                TestData.inTemporaryFolder (fun folder ->
                    let output = Path.Combine(folder, "prepared")
                    let files = write folder "sub-1"
                    File.WriteAllText(files.Gradients.BValues, "0 1000\n")

                    try
                        Preparation.Run([| files |], settings, output) |> ignore
                        failtest "not refused"
                    with :? DataException as error ->
                        Expect.stringContains error.Message "sub-1" "named"

                    Expect.equal
                        [
                            for entry in Directory.EnumerateFileSystemEntries output -> Path.GetFileName entry
                        ]
                        [ "dataset.json" ]
                        "nothing else"))
        ]
    ]
