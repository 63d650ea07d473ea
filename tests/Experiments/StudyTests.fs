module Iqt.Tests.Experiments.StudyTests

open System
open System.IO
open System.Threading
open System.Threading.Tasks
open Expecto
open Iqt.Diffusion
open Iqt.Diffusion.Phantom
open Iqt.Experiments
open Iqt.Experiments.Engines
open Iqt.Experiments.Reports
open Iqt.Experiments.Studies
open Iqt.Reversible
open Iqt.Training
open Iqt.Tests
open Iqt.Tests.Training

let private small epochs =
    study "trial" {
        title "A trial of <everything>"
        prepared (PhantomDataset.folder ())
        testSubjects 2
        subjectsWith 3 6
        network "espcn" "espcn" []
        network "espcn-rn1" "espcn-rn" [ "Blocks", 1 ]
        protocol (TrainingSettings.Default.With("threads", 1))
        setting "epochs" epochs
    }

let private task folder attempts =
    let lines = Collections.Concurrent.ConcurrentQueue<string>()

    {
        Folder = folder
        Workers = 2
        Threads = 1
        Attempts = attempts
        Say = lines.Enqueue
        Cancellation = CancellationToken.None
    },
    lines

let private checkpoints (folder: StudyFolder) = [
    for label in [ "espcn"; "espcn-rn1" ] do
        for name in [ "best"; "last" ] do
            Fixtures.hash (
                File.ReadAllBytes(Path.Combine(folder.Run(label, 3, 0), "checkpoints", name + ".safetensors"))
            )
]

let private evaluations (folder: StudyFolder) = [
    for unit in [ EvaluateBaselines 3; Evaluate("espcn", 3); Evaluate("espcn-rn1", 3) ] ->
        File.ReadAllText(folder.Result unit)
]

let private states (folder: StudyFolder) =
    StudyStatus.Of(folder).Units |> List.map _.State

[<Tests>]
let tests =
    testSequenced
    <| testList "experiments/studies" [
        test "a study comes back from its file" {
            let written =
                study "s" {
                    title "µ"
                    phantoms 9 PhantomScale.Tiny 3UL
                    patches 7
                    testSubjects 2
                    subjects 4
                    subjectsWith 6 5
                    networkWith "a" "espcn" [] [ "epochs", box 3; "schedule", box RateSchedule.Cosine ]
                    network "b" "espcn-rn" [ "Blocks", 2 ]
                    seeds 2
                    protocol TrainingSettings.Paper
                    setting "learningRate" 3e-4
                    measure 4 [ "b", BackpropagationMode.Reversible ]
                }

            let text = StudyFile.format written
            let read = StudyFile.parse text "study.json"
            Expect.equal (StudyFile.format read) text "the same text"
            Expect.equal read.Data written.Data "data"

            for network, original in List.zip read.Networks written.Networks do
                let settings study network =
                    (Study.settings study network (6, Some 5) 1).Format()

                Expect.equal (settings read network) (settings written original) "settings of a training"

            let first = Study.settings read read.Networks.Head (6, Some 5) 1
            Expect.equal (first.Epochs, first.Schedule, first.Seed) (3, RateSchedule.Cosine, 1UL) "its own settings"
            Expect.equal first.Initialization InitializationScheme.He "the protocol's"
            Expect.equal (StudyUnit.all read |> List.length) (1 + 1 + 2 * 2 * 2 + 2 * 3 + 1) "units"
        }

        test "what can't be run is refused before anything begins" {
            TestData.inTemporaryFolder (fun folder ->
                let refuses (words: string list) (study: Study) =
                    Expect.throwsC
                        (fun () -> StudyFolder.Begin(Path.Combine(folder, "s"), study) |> ignore)
                        (fun error ->
                            Expect.isTrue (error :? DataException) $"{error}"

                            for word in words do
                                Expect.stringContains error.Message word "message")

                refuses [ "no network" ] { small 1 with Networks = [] }

                refuses [ "two networks"; "espcn" ] {
                    small 1 with
                        Networks = List.replicate 2 (small 1).Networks.Head
                }

                refuses [ "epochs" ] {
                    small 1 with
                        Networks = [
                            {
                                (small 1).Networks.Head with
                                    Changes = [ "epochs", box 0 ]
                            }
                        ]
                }

                refuses [ "no test subjects" ] { small 1 with TestSubjects = 0 }

                refuses [ "3 subjects twice" ] {
                    small 1 with
                        Sizes = [ 3, Some 6; 3, None ]
                }

                refuses [ "baselines" ] {
                    small 1 with
                        Networks = [
                            {
                                (small 1).Networks.Head with
                                    Label = "baselines"
                            }
                        ]
                }

                refuses [ "3 phantoms" ] {
                    small 1 with
                        Data = Phantoms(3, PhantomScale.Tiny, 1UL)
                }

                StudyFolder.Begin(Path.Combine(folder, "s"), small 1) |> ignore
                refuses [ "another study" ] (small 2))
        }

        test "a study's file without its settings is refused by its name" {
            let lines = (StudyFile.format (small 1)).Split '\n'
            let start = lines |> Array.findIndex (fun line -> line.StartsWith "  \"settings\"")
            let stop = lines |> Array.findIndex (fun line -> line.StartsWith "  \"measured\"")
            let text = String.Join('\n', Array.append lines[.. start - 1] lines[stop..])

            Expect.throwsC (fun () -> StudyFile.parse text "s/study.json" |> ignore) (fun error ->
                Expect.isTrue (error :? DataException) $"{error}"
                Expect.stringStarts error.Message "s/study.json: " "message")
        }

        test "numbers that an engine can't run with are refused before anything begins" {
            TestData.inTemporaryFolder (fun folder ->
                let out = Path.Combine(folder, "s")

                for option in [ "--workers"; "--attempts"; "--threads"; "--poll-seconds" ] do
                    let line = [| "script.fsx"; "--out"; out; option; "0" |]
                    let run = Task.Run(fun () -> Script.run [ "only", (fun () -> small 1) ] line)
                    Expect.isTrue (run.Wait(TimeSpan.FromSeconds 20.0)) $"{option} 0 ends"
                    Expect.equal run.Result 2 $"{option} 0"
                    Expect.isFalse (Directory.Exists out) "nothing began")
        }

        test "a study that an earlier version began, with fewer settings, goes on" {
            TestData.inTemporaryFolder (fun folder ->
                let file = Path.Combine(folder, "study.json")
                let later = [ "update"; "memoryBudget"; "stream"; "precision"; "from"; "identity" ]

                let earlier =
                    (StudyFile.format (small 1)).Split '\n'
                    |> Array.filter (fun line ->
                        not (later |> List.exists (fun name -> line.Contains($"\"{name}\":"))))

                let text = String.Join('\n', earlier)
                Expect.isLessThan earlier.Length ((StudyFile.format (small 1)).Split '\n').Length "fewer settings"
                File.WriteAllText(file, text)
                StudyFolder.Begin(folder, small 1) |> ignore
                Expect.equal (File.ReadAllText file) text "its file stays"

                Expect.throwsC (fun () -> StudyFolder.Begin(folder, small 2) |> ignore) (fun error ->
                    Expect.stringContains error.Message "another study" "message"))
        }

        test "local and Slurm give the same bytes; a killed task is submitted again and goes on" {
            TestData.inTemporaryFolder (fun folder ->
                let at name = Path.Combine(folder, name)
                let local = StudyFolder.Begin(at "local", small 3)
                let work, said = task local 1
                (LocalEngine() :> IEngine).Run work
                Expect.allEqual (states local) Done $"all done; said {said}"

                // Run again: nothing is begun.
                let again, lines = task local 1
                (LocalEngine() :> IEngine).Run again
                Expect.isEmpty lines "nothing left"

                StudyReport.write local
                let page = File.ReadAllText local.Report
                Expect.stringContains page "A trial of &lt;everything&gt;" "title, escaped"

                for words in
                    [
                        "espcn-rn1"
                        "ridge regression"
                        "data:image/png;base64,"
                        "<svg"
                        "9.72 ± 0.64"
                        "exact p"
                    ] do
                    Expect.stringContains page words "page"

                Expect.isFalse (page.Contains "http://" || page.Contains "https://") "needs no network"

                OneNodeSlurm.run (fun () ->
                    let cluster = StudyFolder.Begin(at "slurm", small 3)
                    let work, said = task cluster 3

                    // Kills the training once it has finished an epoch.
                    let metrics = Path.Combine(cluster.Run("espcn-rn1", 3, 0), "metrics.jsonl")

                    let killer =
                        Task.Run(fun () ->
                            while not (File.Exists metrics) do
                                Thread.Sleep 5

                            OneNodeSlurm.command "scancel" [
                                "--signal=KILL"
                                "--full"
                                "--state=RUNNING"
                                "--name=trial"
                            ]
                            |> ignore)

                    (SlurmEngine([], 0.5) :> IEngine).Run work
                    killer.Wait()
                    Expect.allEqual (states cluster) Done $"all done; said {String.concat Environment.NewLine said}"
                    Expect.exists said (fun line -> line.Contains "not done") "a task was killed"

                    let evaluated =
                        said
                        |> Seq.filter (fun line -> line.StartsWith "evaluate-espcn-rn1-3")
                        |> Seq.toList

                    Expect.equal evaluated [ "evaluate-espcn-rn1-3: waits for train-espcn-rn1-3-seed0" ] "no failure"
                    Expect.equal (checkpoints cluster) (checkpoints local) "weights"
                    Expect.equal (evaluations cluster) (evaluations local) "errors"
                    Expect.isTrue (File.Exists cluster.Report) "the report's job wrote the page"))
        }

        test "a training that fails leaves the others alone; status and report say it" {
            TestData.inTemporaryFolder (fun folder ->
                let study = small 1

                let failing = {
                    study with
                        Networks = [
                            study.Networks[0]
                            {
                                study.Networks[1] with
                                    Changes = [ "learningRate", box 1e30; "epochs", box 3 ]
                            }
                        ]
                }

                let folder = StudyFolder.Begin(Path.Combine(folder, "s"), failing)
                let work, lines = task folder 1
                (LocalEngine() :> IEngine).Run work

                match folder.State(Train("espcn-rn1", 3, 0)) with
                | Failed message -> Expect.stringContains message "finite number was expected" "why"
                | other -> failtestf "%A" other

                Expect.equal (folder.State(Evaluate("espcn", 3))) Done "the other network was evaluated"
                Expect.equal (folder.State(Evaluate("espcn-rn1", 3))) Waiting "nothing to evaluate"
                Expect.exists lines (fun line -> line.Contains "train-espcn-rn1-3-seed0: failed") "said"
                StudyReport.write folder

                Expect.stringContains
                    (File.ReadAllText folder.Report)
                    "Missing: train-espcn-rn1-3-seed0"
                    "the page says what is missing")
        }
    ]
