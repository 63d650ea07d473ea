/// Predicted memory against the exact meter, and budgets.
module Iqt.Tests.Reversible.PredictionTests

open System
open System.Collections.Generic
open Expecto
open Iqt.Models
open Iqt.Reversible
open Iqt.Reversible.Adjoints
open Iqt.Reversible.Benchmarking
open Iqt.Reversible.Measurement
open Iqt.Reversible.Prediction

let private settings (values: (string * int) list) =
    Dictionary(dict values) :> IReadOnlyDictionary<string, int>

let private ways = [
    for mode in Enum.GetValues<BackpropagationMode>() do
        mode, UpdatePlace.Behind

        if mode <> BackpropagationMode.SingleGraph then
            mode, UpdatePlace.Fused
]

let private measured declaration values mode update batch size (options: StepOptions) =
    use step =
        new BenchmarkStep(declaration, values, mode, update, batch, size, options)

    TensorMemory.Instance.PeakAbove(Action step.Run)

[<Tests>]
let tests =
    // The meter counts every tensor of the process.
    testSequenced
    <| testList "reversible/prediction" [
        // 64 blocks as one graph take 2.2 GB and minutes on a busy machine: docs/benchmarks.md has them.
        for name, declaration, values, batch, size in [ "v-net", VNet.Declaration, settings [], 1L, 32L ] do
            test $"{name}: the predicted peak of a step is within 10 %% of the measured one in every mode" {
                use network = declaration.Create values
                let prediction = MemoryPrediction(network, batch, size)

                let errors = [
                    for mode, update in ways do
                        let predicted = float (prediction.Peak(mode, (update = UpdatePlace.Fused)))

                        let found =
                            float (measured declaration values mode update batch size StepOptions.Default)

                        if abs (predicted - found) > 0.1 * found then
                            $"{mode}, {update}: predicted %.1f{predicted / 1e6} MB, measured %.1f{found / 1e6} MB"
                ]

                Expect.equal errors [] "cells that are off"
            }

        test "a fused update's step does not grow with depth, and one behind it does by the gradients" {
            let peak blocks update =
                measured
                    EspcnRn.Declaration
                    (settings [ "Blocks", blocks ])
                    BackpropagationMode.Reversible
                    update
                    4L
                    9L
                    StepOptions.Default

            let grows update = peak 32 update - peak 2 update
            // 30 more blocks have 22 MB of parameters.
            Expect.isLessThan (grows UpdatePlace.Fused) 1_500_000L "fused, from 2 to 32 blocks"
            Expect.isGreaterThan (grows UpdatePlace.Behind) 10_000_000L "behind, from 2 to 32 blocks"
        }
    ]
