/// Preparing into a folder with something in it: finished subjects are passed over, what contradicts them is refused.
module Iqt.Tests.Training.PreparationReuseTests

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
    testList "training/preparation again" [
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
                            $"{output}: sub-1 was prepared {words}. Remove {Path.Combine(output, masked.Name)} or name another folder."
                            "message"

                    Expect.equal (File.ReadAllText(Path.Combine(output, "dataset.json"))) before "untouched"

                let description = Path.Combine(output, "sub-1", "subject.json")
                Preparation.Run([| masked |], settings, output) |> ignore
                let asPrepared = File.ReadAllText description

                let computedThen =
                    asPrepared.Replace($"\"mask\": \"{masked.Mask}\"", "\"mask\": null")

                Expect.stringContains computedThen "\"mask\": null" "as of a computed mask"
                File.WriteAllText(description, computedThen)
                refused masked $"with a computed mask, and {masked.Mask} is there now"
                let keep = PreparationLimits(KeepGoing = true)
                Expect.isEmpty (Preparation.Run([| masked |], settings, output, keep).Prepared) "left as it is"
                File.WriteAllText(description, asPrepared)
                refused computed $"with {masked.Mask}, and none is there now"
                let other = write folder "other"

                let elsewhere =
                    SubjectFiles("sub-1", "sub-1", masked.Dwi, masked.Gradients, other.Mask)

                refused elsewhere $"with {masked.Mask}, and {other.Mask} is there now"

                let scan = SubjectFiles("sub-1", "sub-1", other.Dwi, masked.Gradients, masked.Mask)

                refused scan $"with {masked.Dwi}, and {other.Dwi} is there now"

                // The gradients corrected, the mask redrawn, the series replaced, each in place.
                for file in
                    [
                        masked.Gradients.BValues
                        masked.Gradients.Directions
                        string masked.Mask
                        masked.Dwi
                    ] do
                    let original = File.ReadAllBytes file
                    File.WriteAllBytes(file, Array.append original "\n"B)
                    refused masked $"before {file} was changed"
                    File.WriteAllBytes(file, original)

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

                Expect.equal (Preparation.Run([| masked |], settings, output).Subjects.Count) 1 "and the other way"))
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

                Expect.equal (fault (fun () -> PreparedDataset.Open output)) PreparedDatasetFault.Incomplete "missing"))
        testCase "a subject that failed and is asked for no more does not stand in the others' way" (fun () ->
            TestData.inTemporaryFolder (fun folder ->
                let output = Path.Combine(folder, "prepared")

                let good, broken, late =
                    write folder "sub-1", write folder "sub-2", write folder "sub-3"

                File.WriteAllText(broken.Gradients.BValues, "0 1000\n")

                Expect.throwsT<SubjectException>
                    (fun () -> Preparation.Run([| good; broken |], settings, output) |> ignore)
                    "broken"

                let subjects (files: SubjectFiles list) = [
                    for subject in Preparation.Run(List.toArray files, settings, output).Subjects -> subject.Id
                ]

                Expect.equal (subjects [ good ]) [ "sub-1" ] "without it"
                Expect.equal (subjects [ late ]) [ "sub-1"; "sub-3" ] "what is prepared stays"))
        testCase "settings that failed before a subject was there give way to others" (fun () ->
            TestData.inTemporaryFolder (fun folder ->
                let output = Path.Combine(folder, "prepared")
                let files = [| write folder "sub-1" |]

                Expect.throwsC
                    (fun () -> Preparation.Run(files, PreparationSettings(Patches = 100_000), output) |> ignore)
                    (fun e -> Expect.stringContains e.Message "Ask for fewer, --patches " "the remedy")

                Expect.equal (Preparation.Run(files, settings, output).Settings) settings "which can be followed"))
    ]
