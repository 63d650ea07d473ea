/// Preparing that is broken off: by a faulty subject, by another process, by a kill.
module Iqt.Tests.Training.PreparationFailureTests

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
    testList "training/preparation broken off" [
        testCase "a broken subject ends it, or is left out with --keep-going and comes later" (fun () ->
            TestData.inTemporaryFolder (fun folder ->
                let output = Path.Combine(folder, "prepared")
                let files = [| for i in 1..3 -> write folder $"sub-{i}" |]
                let good = File.ReadAllText files[1].Gradients.BValues
                File.WriteAllText(files[1].Gradients.BValues, "0 1000\n")

                Expect.throwsC
                    (fun () -> Preparation.Run(files, settings, output, PreparationLimits(Jobs = 1)) |> ignore)
                    (fun e ->
                        match e with
                        | :? SubjectException as error -> Expect.equal error.Subject "sub-2" "whose fault"
                        | other -> failtest $"{other}")

                let keep = PreparationLimits(KeepGoing = true)
                let result = Preparation.Run(files, settings, output, keep)
                Expect.equal [ for s in result.Dataset.Subjects -> s.Id ] [ "sub-1"; "sub-3" ] "the others"
                Expect.equal [ for f in result.Failed -> f.Subject ] [ "sub-2" ] "left out"
                Expect.stringStarts result.Failed[0].Reason files[1].Gradients.Directions "why, not who"
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
                    new FileStream(Path.Combine(output, ".lock"), FileMode.Create, FileAccess.Write, FileShare.None)

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
