/// What bounds and lowers a step over a run: clipping, the schedules of the rate.
module Iqt.Tests.Training.ScheduleTests

open System
open Expecto
open Iqt.Training
open Iqt.Tests.Training.Fixtures
open Iqt.Tests.Training.PhantomRun

[<Tests>]
let tests =
    testSequenced
    <| testList "training/schedule" [
        test "clipping bounds the step, and only where it is asked for" {
            // Adam's first step is the rate times the sign of the gradient whatever its size, so look at the moments.
            let moments (clip: objnull) =
                use network = create "espcn" [] 1UL
                let subjects = [| for i in 1..2 -> subject $"sub-{i}" i 8 24 |]

                let settings =
                    settings
                        .With("network", "espcn")
                        .With("hyperparameters", dict<string, int> [])
                        .With("clipNorm", clip)

                let data = TrainingData.Of(subjects, PatchGeometry.Of(network, 11), settings)

                let batches =
                    BatchBuilder(
                        data.Subjects,
                        data.Geometry,
                        data.Normalization,
                        LossRegion.BrainVoxels,
                        TorchSharp.torch.CPU
                    )

                use step = new TrainingStep(network, settings)
                use batch = batches.Build(data.Split.Training.AsSpan(0, 4))
                step.Run batch |> ignore

                step.CaptureOptimizer()
                |> Seq.filter (fun entry -> entry.Name.EndsWith ".exp_avg")
                |> Seq.sumBy (fun entry -> entry.ToSingles() |> Array.sumBy (fun m -> float m * float m))
                |> sqrt

            // The first moment after one step is (1 − β₁) times the gradient.
            let free, clipped = moments null, moments 0.01
            Expect.isGreaterThan free 0.002 "larger without"
            Expect.floatClose Accuracy.low clipped 0.001 "0.1 · 0.01"
        }

        test "step and cosine schedules by hand" {
            let rates (schedule: RateSchedule) =
                let settings =
                    TrainingSettings.Default
                        .With("schedule", schedule)
                        .With("epochs", 4)
                        .With("ratePatience", 2)
                        .With("learningRate", 1.0)

                let states =
                    [ 1..4 ]
                    |> List.scan
                        (fun (s: TrainingSchedule) epoch -> s.Observe(1.0, epoch, settings))
                        (TrainingSchedule.Start settings)

                [ for state in states -> state.Rate ]

            Expect.equal (rates RateSchedule.Step) [ 1.0; 1.0; 0.5; 0.5; 0.25 ] "step"
            Expect.equal (rates RateSchedule.Constant) [ 1.0; 1.0; 1.0; 1.0; 1.0 ] "constant"

            List.iter2
                (fun found expected -> Expect.isLessThan (abs (found - expected)) 1e-12 "cosine")
                (rates RateSchedule.Cosine)
                [ 1.0; 0.5 + sqrt 0.125; 0.5; 0.5 - sqrt 0.125; 0.0 ]
        }
    ]
