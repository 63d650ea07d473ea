/// Studies as jobs of a cluster, beside jobs of an earlier run of the same command.
module Iqt.Tests.Experiments.SlurmTests

open System
open System.Collections.Concurrent
open System.IO
open System.Threading
open System.Threading.Tasks
open Expecto
open Iqt.Experiments.Engines
open Iqt.Experiments.Studies
open Iqt.Reversible
open Iqt.Training
open Iqt.Tests

let private measured: Study =
    StudyBuilder.study "measured" {
        network "espcn" "espcn" []
        protocol (TrainingSettings.Default.With("threads", 1))
        measure 1 [ "espcn", BackpropagationMode.Stored ]
    }

let private task folder cancellation =
    let said = ConcurrentQueue<string>()

    {
        Folder = folder
        Workers = 1
        Threads = 1
        Attempts = 1
        Say = said.Enqueue
        Cancellation = cancellation
    },
    said

let private run options task =
    (SlurmEngine(options, 0.2) :> IEngine).Run task

let rec private until (condition: unit -> bool) =
    if not (condition ()) then
        Thread.Sleep 20
        until condition

[<Tests>]
let tests =
    testSequenced
    <| testList "experiments/slurm" [
        test "a second run waits for the jobs that the first one left in the queue" {
            TestData.inTemporaryFolder (fun folder ->
                let folder = StudyFolder.Begin(Path.Combine(folder, "s"), measured)

                OneNodeSlurm.run (fun () ->
                    use stop = new CancellationTokenSource()
                    let first, submitted = task folder stop.Token
                    // Held: in the queue until they are released.
                    let waiting = Task.Run(fun () -> run [ "--hold" ] first)
                    until (fun () -> OneNodeSlurm.command "squeue" [ "--noheader"; "--name=measured-report" ] <> "")
                    stop.Cancel()

                    Expect.throws (fun () -> waiting.GetAwaiter().GetResult()) "cancelled"
                    let isSubmission (line: string) = line.Contains "job "
                    Expect.hasLength (Seq.filter isSubmission submitted) 1 "one array"

                    let second, said = task folder CancellationToken.None
                    let going = Task.Run(fun () -> run [] second)
                    until (fun () -> not said.IsEmpty || going.IsCompleted)
                    let job = ((submitted |> Seq.find isSubmission).Split("job ")[1]).Split(',')[0]
                    Expect.stringContains (Seq.head said) $",{job} of an earlier run" "says whom it waits for"
                    Expect.isFalse going.IsCompleted "waits"

                    OneNodeSlurm.command "scontrol" [ "release"; "jobname=measured" ] |> ignore

                    OneNodeSlurm.command "scontrol" [ "release"; "jobname=measured-report" ]
                    |> ignore

                    Expect.isTrue (going.Wait(TimeSpan.FromMinutes 2.0)) "ends"
                    Expect.isEmpty (Seq.filter isSubmission said) "nothing was left to submit"
                    let unit = Measure("espcn", BackpropagationMode.Stored)
                    Expect.equal (folder.State unit) Done "by the first run's job"
                    Expect.isTrue (File.Exists folder.Report) "its report"))
        }
    ]
