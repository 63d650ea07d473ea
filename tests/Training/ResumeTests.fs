module Iqt.Tests.Training.ResumeTests

open System
open System.Diagnostics
open System.IO
open System.Threading
open Expecto
open Iqt.Diffusion
open Iqt.Training
open Iqt.Tests
open Iqt.Tests.Training.Fixtures
open Iqt.Tests.Training.PhantomRun

let private withoutSeconds (folder: string) = [
    for epoch in RunDirectory.Open(folder).ReadMetrics() ->
        epoch.Epoch, epoch.TrainingLoss, epoch.ValidationLoss, epoch.LearningRate, epoch.IsBest
]

/// The command as a process of its own.
let private iqt (arguments: string list) =
    let dll = Path.Combine(AppContext.BaseDirectory, "iqt.dll")

    let start =
        ProcessStartInfo("dotnet", dll :: arguments, RedirectStandardOutput = true, RedirectStandardError = true)

    nonNull (Process.Start start)

let private trainAsProcess folder =
    let data = [ "--data"; PhantomDataset.folder (); "--out"; folder ]

    iqt (
        if RunDirectory.Exists folder then
            [ "train"; "--resume" ] @ data
        else
            [
                "train"
                "espcn-rn"
                "--set"
                "Blocks=1"
                "--epochs"
                "8"
                "--threads"
                "1"
                "--patches"
                "6"
            ]
            @ data
    )

[<Tests>]
let tests =
    testSequenced
    <| testList "training/resume" [
        for schedule in [ RateSchedule.Plateau; RateSchedule.Cosine ] do
            test $"stopped in the middle and resumed: the weights of an unbroken run, byte by byte ({schedule})" {
                TestData.inTemporaryFolder (fun folder ->
                    let at name = Path.Combine(folder, name)

                    let settings =
                        settings.With("schedule", schedule).With("ratePatience", 1).With("clipNorm", 0.5)

                    let whole = start (at "whole") settings
                    startUntil 3 2 (at "broken") settings
                    Expect.equal (RunDirectory.Open(at "broken").ReadMetrics().Count) 2 "two epochs were finished"
                    let resumed = resume (at "broken")
                    Expect.equal (weights (at "broken")) (weights (at "whole")) "weights"
                    Expect.equal (withoutSeconds (at "broken")) (withoutSeconds (at "whole")) "metrics"

                    Expect.equal
                        (resumed.Epochs, resumed.BestEpoch, resumed.BestValidationLoss)
                        (whole.Epochs, whole.BestEpoch, whole.BestValidationLoss)
                        "result"

                    let again = resume (at "broken")
                    Expect.equal again.Epochs 4 "a finished run is not trained again"
                    Expect.equal (weights (at "broken")) (weights (at "whole")) "and stays")
            }

        for name, options in
            [
                "weight decay", [ "weightDecay", box 0.1 ]
                "the fused update", [ "update", box ParameterUpdate.Fused ]
                "a memory budget", [ "memoryBudget", box "60MB" ]
                "a float64 stream", [ "stream", box StreamType.F64 ]
                "bfloat16 convolutions",
                [
                    "precision", box ConvolutionPrecision.Bf16
                    "update", box ParameterUpdate.Fused
                ]
            ] do
            test $"stopped and resumed with {name}: the weights of an unbroken run, byte by byte" {
                TestData.inTemporaryFolder (fun folder ->
                    let at name = Path.Combine(folder, name)

                    let settings =
                        (settings.With("epochs", 2), options)
                        ||> List.fold (fun settings (name, value) -> settings.With(name, value))

                    start (at "whole") settings |> ignore
                    startUntil 2 1 (at "broken") settings
                    resume (at "broken") |> ignore
                    Expect.equal (weights (at "broken")) (weights (at "whole")) "weights")
            }

        test "the optimiser's state of another version is refused, its weights still predict" {
            TestData.inTemporaryFolder (fun folder ->
                let run = Path.Combine(folder, "run")
                startUntil 2 1 run settings
                let last = RunDirectory.Open(run).LastCheckpoint
                let file = SafetensorsFile.Read last

                // As versions with TorchSharp's Adam wrote it.
                let earlier =
                    dict [
                        for pair in file.Metadata do
                            if pair.Key <> "resumption" then
                                pair.Key, pair.Value
                    ]

                SafetensorsFile(file.Entries, System.Collections.Generic.Dictionary earlier).Write last

                Expect.stringContains
                    (refusal (fun () -> resume run |> ignore))
                    "format 'unnamed', 'flat-adam-1' was expected: another version of Iqt wrote it"
                    "message"

                use model = TrainedModel.Open(last, catalog.Value)
                Expect.equal model.Checkpoint.Epoch 1 "opened")
        }

        test "killed with SIGKILL in later and later epochs and resumed: the weights of an unbroken run" {
            TestData.inTemporaryFolder (fun folder ->
                let at name = Path.Combine(folder, name)
                let metrics = Path.Combine(at "broken", "metrics.jsonl")

                let epochs () =
                    if File.Exists metrics then
                        File.ReadLines(metrics) |> Seq.length
                    else
                        0

                let finish (child: Process) =
                    let said = child.StandardError.ReadToEnd()
                    child.WaitForExit()
                    Expect.equal child.ExitCode 0 said

                using (trainAsProcess (at "whole")) finish
                let random = Random 6

                // Counted in finished epochs: a clock would kill a slow machine's process before it trains.
                for finished in [ 1; 2; 4; 6 ] do
                    use child = trainAsProcess (at "broken")

                    while epochs () < finished && not child.HasExited do
                        Thread.Sleep 2

                    // In the middle of the next epoch, or while the files of this one are written.
                    Thread.Sleep(random.Next 200)
                    child.Kill()
                    child.WaitForExit()
                    Expect.equal child.ExitCode 137 "killed, not ended"
                    Expect.isGreaterThanOrEqual (epochs ()) finished "an epoch more was finished"

                using (trainAsProcess (at "broken")) finish
                Expect.equal (weights (at "broken")) (weights (at "whole")) "weights"
                Expect.equal (withoutSeconds (at "broken")) (withoutSeconds (at "whole")) "metrics")
        }

        test "an epoch that has metrics but no checkpoint is trained again; remains of a kill are removed" {
            TestData.inTemporaryFolder (fun folder ->
                let at name = Path.Combine(folder, name)
                start (at "whole") settings |> ignore
                startUntil 3 1 (at "broken") settings
                let broken = RunDirectory.Open(at "broken")
                // As if killed between the metrics and the checkpoint of epoch 3.
                let line = File.ReadLines(Path.Combine(at "broken", "metrics.jsonl")) |> Seq.last

                File.AppendAllText(
                    Path.Combine(at "broken", "metrics.jsonl"),
                    line.Replace("\"epoch\":2", "\"epoch\":3") + "\n"
                )

                let remains = Path.Combine(at "broken", "checkpoints", ".last.safetensors.x.tmp")
                File.WriteAllText(remains, "half")
                resume (at "broken") |> ignore
                Expect.equal (List.length (withoutSeconds (at "broken"))) 4 "a line an epoch"
                Expect.equal (weights (at "broken")) (weights (at "whole")) "weights"
                Expect.isFalse (File.Exists remains) "removed"
                let events = Directory.GetFiles(Path.Combine(broken.Folder, "tensorboard"))
                Expect.isGreaterThan events.Length 0 "TensorBoard's events")
        }

        test "a run that another process writes is refused, in words" {
            TestData.inTemporaryFolder (fun folder ->
                let run = Path.Combine(folder, "run")
                startUntil 2 1 run settings
                use _ = RunLock.Take run

                // The lock belongs to this process; another one must not get it.
                use child = trainAsProcess run
                let said = child.StandardError.ReadToEnd()
                child.WaitForExit()
                Expect.equal child.ExitCode Iqt.Cli.ExitCode.Data "exit code"
                Expect.stringContains said "another process writes this run" "message")
        }

        test "whoever asks whether a run is held is nobody to refuse a process for, and no holder" {
            TestData.inTemporaryFolder (fun folder ->
                (RunLock.Take folder).Dispose()
                let file = Path.Combine(folder, RunLock.FileName)

                // As IsHeld asks.
                let asking = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read)

                Expect.isFalse (RunLock.IsHeld folder) "another that asks is told no"
                let outcome = ref None

                let taker =
                    Thread(fun () ->
                        try
                            use _ = RunLock.Take folder
                            outcome.Value <- Some(Ok(RunLock.IsHeld folder))
                        with error ->
                            outcome.Value <- Some(Error error.Message))

                taker.Start()

                // Asks until the other waits for it, or has given up.
                while not (taker.ThreadState.HasFlag ThreadState.WaitSleepJoin) && taker.IsAlive do
                    Thread.Yield() |> ignore

                asking.Dispose()
                taker.Join()
                Expect.equal outcome.Value (Some(Ok true)) "taken, and held then")
        }
    ]
