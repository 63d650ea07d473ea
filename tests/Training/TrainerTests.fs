module Iqt.Tests.Training.TrainerTests

open System
open System.IO
open System.Threading
open Expecto
open TorchSharp
open Iqt.Reversible
open Iqt.Training
open Iqt.Tests
open Iqt.Tests.Training.Fixtures

let private subjects = lazy [| for i in 1..3 -> subject $"sub-{i}" i 8 24 |]

let private settings =
    TrainingSettings.Default.With("network", "espcn").With("epochs", 2).With("batchSize", 8)

let private train (settings: TrainingSettings) folder (change: Network -> unit) =
    use network =
        create settings.Network [ for pair in settings.Hyperparameters -> pair.Key, pair.Value ] settings.Seed

    change network

    let data =
        TrainingData.Of(subjects.Value, PatchGeometry.Of(network, settings.PatchSize), settings)

    let run =
        RunDirectory.Create(folder, settings, [| for s in subjects.Value -> RunSubject(s.Id, SubjectRole.Training) |])

    Trainer(network, data, settings, run).Train(), run

let private inRun settings action =
    TestData.inTemporaryFolder (fun folder -> train settings (Path.Combine(folder, "run")) ignore ||> action)

[<Tests>]
let tests =
    testSequenced
    <| testList "training" [
        testList "trainer" [
            testCase "a seed decides the weights, bit for bit" (fun () ->
                let settings =
                    settings
                        .With("network", "espcn-rn")
                        .With("hyperparameters", dict [ "Blocks", 1 ])
                        .With("epochs", 1)

                let weights () =
                    inRun settings (fun _ run -> [
                        for entry in (Checkpoint.Read run.LastCheckpoint).State -> entry.Name, entry.Data
                    ])

                Expect.equal (weights ()) (weights ()) "twice the same")
            testCase "the loss falls, and the run says how" (fun () ->
                inRun (settings.With("epochs", 6)) (fun result run ->
                    let metrics = run.ReadMetrics()
                    Expect.equal metrics.Count 6 "a line an epoch"
                    Expect.isLessThan metrics[5].TrainingLoss (0.8 * metrics[0].TrainingLoss) "falls"
                    Expect.equal (Checkpoint.Read run.BestCheckpoint).Epoch result.BestEpoch "best"
                    let opened = RunDirectory.Open run.Folder
                    Expect.equal (opened.Settings.Format()) (run.Settings.Format()) "settings"
                    Expect.equal (List.ofSeq opened.Subjects) (List.ofSeq run.Subjects) "subjects"

                    Expect.throwsT<Iqt.Diffusion.DataException>
                        (fun () -> RunDirectory.Create(run.Folder, settings, []) |> ignore)
                        "not overwritten"))
            testCase "the rate halves after 5 epochs without improvement, training stops after 15" (fun () ->
                let mutable schedule =
                    TrainingSchedule.Start(TrainingSettings.Paper).Observe(1.0, 1, TrainingSettings.Paper)

                let rates = [
                    for epoch in 2..16 do
                        schedule <- schedule.Observe(1.0, epoch, TrainingSettings.Paper)
                        Expect.equal (schedule.ShouldStop TrainingSettings.Paper) (epoch = 16) "stops at the 15th"
                        schedule.Rate
                ]

                Expect.equal
                    rates
                    (List.map
                        ((*) 1e-4)
                        ([ 1.0; 1.0; 1.0; 1.0 ]
                         @ List.replicate 5 0.5
                         @ List.replicate 5 0.25
                         @ [ 0.125 ]))
                    "rates"

                Expect.equal
                    (schedule.Observe(0.9, 17, TrainingSettings.Paper).EpochsWithoutImprovement)
                    0
                    "starts anew")
            testCase "training stops early" (fun () ->
                // With so small a rate no float32 weight changes, so validation can't improve.
                inRun (settings.With("learningRate", 1e-30).With("stopPatience", 2).With("epochs", 9)) (fun result _ ->
                    Expect.equal (result.Epochs, result.StoppedEarly, result.BestEpoch) (3, true, 1) "after two more"))
            testCase "a loss that is not finite stops the run and keeps the last checkpoint" (fun () ->
                TestData.inTemporaryFolder (fun folder ->
                    let run = Path.Combine(folder, "run")

                    Expect.throwsT<NumericalException>
                        (fun () -> train (settings.With("learningRate", 1e30)) run ignore |> ignore)
                        "diverges"

                    let last = Checkpoint.Read(RunDirectory.Open(run).LastCheckpoint)

                    for entry in last.State do
                        if entry.Type = SafetensorsType.F32 then
                            Expect.all (entry.ToSingles()) Single.IsFinite entry.Name))
            testCase "steps leave no tensors behind" (fun () ->
                use network = create "espcn-rn" [ "Blocks", 1 ] 1UL
                let data = TrainingData.Of(subjects.Value, PatchGeometry.Of(network, 11), settings)

                let batches =
                    BatchBuilder(data.Subjects, data.Geometry, data.Normalization, LossRegion.BrainVoxels, torch.CPU)

                let clipped = TrainingSettings.Default.With("clipNorm", 0.1)
                let fused = TrainingSettings.Default.With("update", ParameterUpdate.Fused)

                for name, settings in
                    [
                        "reversible", clipped
                        "one graph", clipped.With("mode", BackpropagationMode.SingleGraph)
                        "fused, budget", fused.With("memoryBudget", "60MB")
                        "fused, types",
                        fused.With("stream", StreamType.F64).With("precision", ConvolutionPrecision.Bf16)
                    ] do
                    use step = new TrainingStep(network, settings)

                    let count () =
                        use batch = batches.Build(data.Split.Training.AsSpan(0, 3))
                        step.Run batch |> ignore
                        torch.Tensor.TotalCount

                    count () |> ignore
                    LiveTensors.settled () |> ignore
                    let counts = [ for _ in 1..4 -> count () ]
                    Expect.allEqual counts counts.Head name)
            testCase "cancelling ends the run" (fun () ->
                use source = new CancellationTokenSource()
                source.Cancel()
                use network = create "espcn" [] 1UL
                let data = TrainingData.Of(subjects.Value, PatchGeometry.Of(network, 11), settings)

                TestData.inTemporaryFolder (fun folder ->
                    let run = RunDirectory.Create(Path.Combine(folder, "run"), settings, [])

                    Expect.throwsT<OperationCanceledException>
                        (fun () -> Trainer(network, data, settings, run).Train(null, null, source.Token) |> ignore)
                        "cancelled"))
            testCase
                "validation by subjects keeps whole subjects apart; the normalisation sees the rest only"
                (fun () ->
                    let split = PatchSplit.Of(subjects.Value, settings)

                    let ids (patches: PatchReference[]) =
                        patches |> Seq.map _.Subject |> Set.ofSeq

                    Expect.isEmpty (Set.intersect (ids split.Training) (ids split.Validation)) "apart"
                    Expect.equal (split.Training.Length + split.Validation.Length) 72 "all"
                    let patches = PatchSplit.Of(subjects.Value, TrainingSettings.Paper)
                    Expect.equal (patches.Training.Length, patches.Validation.Length) (58, 14) "80/20")
        ]
    ]
