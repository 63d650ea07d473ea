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

// b=0 volumes before the six directions: a longer series of the same size.
let private writeWithBaselines folder id count =
    let files = write folder id
    let dwi = DwiFile files.Dwi
    let volumes = ResizeArray()
    dwi.Visit(fun _ values -> volumes.Add(Array.copy values))
    let longer = Path.Combine(folder, id + "-longer.nii.gz")
    DwiFile.Write(longer, DwiSeries(dwi.Grid, [ yield! List.replicate (count - 1) volumes[0]; yield! volumes ]))
    let table = files.Gradients.Read()

    GradientFiles(files.Gradients.BValues, files.Gradients.Directions)
        .Write(
            GradientTable(
                [| yield! Array.zeroCreate (count - 1); yield! table.BValues |],
                [|
                    yield! Array.create (count - 1) (GradientDirection())
                    yield! table.Directions
                |]
            )
        )

    SubjectFiles(id, id, longer, files.Gradients, files.Mask)

[<Tests>]
let tests =
    testList "training" [
        testList "preparation" [
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
            testCase "a finished subject whose files are others now is refused, not passed over" (fun () ->
                TestData.inTemporaryFolder (fun folder ->
                    let output = Path.Combine(folder, "prepared")
                    let masked = write folder "sub-1"
                    let computed = SubjectFiles("sub-1", "sub-1", masked.Dwi, masked.Gradients, null)

                    let refused (files: SubjectFiles) (words: string) =
                        let before = File.ReadAllText(Path.Combine(output, "dataset.json"))

                        try
                            Preparation.Run([| files; write folder "sub-2" |], settings, output) |> ignore
                            failtest "not refused"
                        with :? PreparedDatasetException as error ->
                            Expect.equal error.Fault PreparedDatasetFault.OtherFiles "fault"

                            Expect.equal
                                error.Message
                                $"{output}: sub-1 was prepared {words} is there now. Remove {Path.Combine(output, masked.Name)} or name another folder."
                                "message"

                        Expect.equal (File.ReadAllText(Path.Combine(output, "dataset.json"))) before "untouched"

                    let description = Path.Combine(output, "sub-1", "subject.json")
                    Preparation.Run([| masked |], settings, output) |> ignore
                    let asPrepared = File.ReadAllText description

                    let computedThen =
                        asPrepared.Replace($"\"mask\": \"{masked.Mask}\"", "\"mask\": null")

                    Expect.stringContains computedThen "\"mask\": null" "as of a computed mask"
                    File.WriteAllText(description, computedThen)
                    refused masked $"with a computed mask, and {masked.Mask}"
                    let keep = PreparationLimits(KeepGoing = true)
                    Expect.isEmpty (Preparation.Run([| masked |], settings, output, keep).Prepared) "left as it is"
                    File.WriteAllText(description, asPrepared)
                    refused computed $"with {masked.Mask}, and none"
                    let other = write folder "other"

                    let elsewhere =
                        SubjectFiles("sub-1", "sub-1", masked.Dwi, masked.Gradients, other.Mask)

                    refused elsewhere $"with {masked.Mask}, and {other.Mask}"

                    let scan = SubjectFiles("sub-1", "sub-1", other.Dwi, masked.Gradients, masked.Mask)

                    refused scan $"with {masked.Dwi}, and {other.Dwi}"

                    let moved =
                        SubjectFiles(
                            "sub-1",
                            "sub-1",
                            Path.Combine(folder, "moved", "sub-1.nii.gz"),
                            masked.Gradients,
                            Path.Combine(folder, "moved", "sub-1_mask.nii.gz")
                        )

                    let away = masked.Dwi + ".away", string masked.Mask + ".away"
                    File.Move(masked.Dwi, fst away)
                    File.Move(string masked.Mask, snd away)
                    Expect.equal (Preparation.Run([| moved |], settings, output).Subjects.Count) 1 "moved as a whole"
                    File.Move(fst away, masked.Dwi)
                    File.Move(snd away, string masked.Mask)

                    // The same files, named from the folder that they are in.
                    let relative (path: string) =
                        Path.GetRelativePath(Directory.GetCurrentDirectory(), path)

                    let named =
                        SubjectFiles(
                            "sub-1",
                            "sub-1",
                            relative masked.Dwi,
                            masked.Gradients,
                            relative (string masked.Mask)
                        )

                    Expect.equal (Preparation.Run([| named |], settings, output).Subjects.Count) 1 "the same files"
                    Directory.Delete(Path.Combine(output, "sub-1"), true)
                    Preparation.Run([| named |], settings, output) |> ignore

                    Expect.equal
                        (Preparation.Run([| masked |], settings, output).Subjects.Count)
                        1
                        "and the other way"))
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

                    Expect.throwsC
                        (fun () -> Preparation.Run(files, PreparationSettings(Patches = 31), output) |> ignore)
                        (fun e ->
                            Expect.stringContains
                                e.Message
                                "sub-1 was prepared with patches 30, 31 was expected"
                                "the difference"

                            Expect.isFalse (e.Message.Contains "bValue") "what is the same")

                    Expect.equal
                        (fault (fun () -> prepared.Choose(Nullable 8, 0)))
                        PreparedDatasetFault.TooFewSubjects
                        "too few"

                    Directory.Delete(prepared.Subjects[0].Folder, true)

                    Expect.equal
                        (fault (fun () -> PreparedDataset.Open output))
                        PreparedDatasetFault.Incomplete
                        "missing"))
            testCase "settings that failed before a subject was there give way to others" (fun () ->
                TestData.inTemporaryFolder (fun folder ->
                    let output = Path.Combine(folder, "prepared")
                    let files = [| write folder "sub-1" |]

                    Expect.throwsC
                        (fun () -> Preparation.Run(files, PreparationSettings(Patches = 100_000), output) |> ignore)
                        (fun e -> Expect.stringContains e.Message "Ask for fewer with --patches" "the remedy")

                    Expect.equal (Preparation.Run(files, settings, output).Settings) settings "which can be followed"))
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
            testCase "a broken subject ends it, or is left out with --keep-going and comes later" (fun () ->
                TestData.inTemporaryFolder (fun folder ->
                    let output = Path.Combine(folder, "prepared")
                    let files = [| for i in 1..3 -> write folder $"sub-{i}" |]
                    let good = File.ReadAllText files[1].Gradients.BValues
                    File.WriteAllText(files[1].Gradients.BValues, "0 1000\n")

                    Expect.throwsT<DataException>
                        (fun () -> Preparation.Run(files, settings, output, PreparationLimits(Jobs = 1)) |> ignore)
                        "ends"

                    let keep = PreparationLimits(KeepGoing = true)
                    let result = Preparation.Run(files, settings, output, keep)
                    Expect.equal [ for s in result.Dataset.Subjects -> s.Id ] [ "sub-1"; "sub-3" ] "the others"
                    Expect.equal [ for f in result.Failed -> f.Subject ] [ "sub-2" ] "left out"
                    Expect.stringContains result.Failed[0].Reason "sub-2" "why"
                    Expect.equal (PreparedDataset.Open output).Subjects.Count 2 "opens without it"
                    File.WriteAllText(files[1].Gradients.BValues, good)
                    let repaired = Preparation.Run(files, settings, output)
                    Expect.equal repaired.Subjects.Count 3 "repaired"

                    for file in files do
                        File.WriteAllText(file.Gradients.BValues, "0 1000\n")

                    let other = Path.Combine(folder, "other")

                    Expect.throwsT<DataException>
                        (fun () -> Preparation.Run(files, settings, other, keep) |> ignore)
                        "none at all"))
            testCase "two at once on one folder: the second is refused" (fun () ->
                TestData.inTemporaryFolder (fun folder ->
                    let output = Path.Combine(folder, "prepared")
                    Directory.CreateDirectory output |> ignore

                    use _ =
                        new FileStream(
                            Path.Combine(output, ".lock"),
                            FileMode.Create,
                            FileAccess.Write,
                            FileShare.None
                        )

                    try
                        Preparation.Run([| write folder "sub-1" |], settings, output) |> ignore
                        failtest "not refused"
                    with :? DataException as error ->
                        Expect.stringContains error.Message "another iqt prepare" "why"))
            testCase "killed at random moments and started again, it ends in the same bytes" (fun () ->
                let outcome = KilledPreparation.run 1 3 4
                Expect.isEmpty outcome.Differences "differences"
                Expect.isGreaterThan outcome.Interrupted 0 "some kills came while it was at work")
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
