/// Predicted memory against the exact meter, and budgets.
module Iqt.Tests.Reversible.PredictionTests

open System
open Expecto
open Iqt.Models
open Iqt.Reversible
open Iqt.Reversible.Adjoints
open Iqt.Reversible.Benchmarking
open Iqt.Reversible.Measurement
open Iqt.Reversible.Prediction
open Iqt.Tests.Networks
open Iqt.Tests.Reversible.NetworkStep
open TorchSharp

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
        for name, declaration, values, stream, batch, size in
            [
                "espcn", Espcn.Declaration, settings [], None, 12L, 11L
                "espcn-rn, 1 block", EspcnRn.Declaration, settings [ "Blocks", 1 ], None, 12L, 11L
                "espcn-rn, 4 blocks", EspcnRn.Declaration, settings [ "Blocks", 4 ], None, 12L, 11L
                "espcn-rn, 4 blocks, float64 stream",
                EspcnRn.Declaration,
                settings [ "Blocks", 4 ],
                Some torch.ScalarType.Float64,
                12L,
                11L
                "espcn-rn, 16 blocks", EspcnRn.Declaration, settings [ "Blocks", 16 ], None, 12L, 11L
                // Its peak lies where F goes back: activations that outlive their adjoint show here most.
                "stack only", StackOnly.Declaration, settings [], None, 4L, 11L
                // S, T, the factor and the half before are kept for each half.
                "affine stack", Scaling.Declaration, settings [], None, 4L, 11L
                "affine stack, float64 stream", Scaling.Declaration, settings [], Some torch.ScalarType.Float64, 4L, 11L
                "v-net", VNet.Declaration, settings [], None, 1L, 32L
                // Convolutions behind an instance normalisation, which puts channels first: libtorch copies what they read.
                "v-net, several examples", VNet.Declaration, settings [], None, 12L, 12L
            ] do
            test $"{name}: the predicted peak of a step is within 7 %% of the measured one in every mode" {
                use network = declaration.Create values
                let stream = Option.toNullable stream
                let prediction = MemoryPrediction(network, batch, size, stream)

                let errors = [
                    for mode, update in ways do
                        let predicted = float (prediction.Peak(mode, (update = UpdatePlace.Fused)))

                        let found =
                            float (
                                measured declaration values mode update batch size (StepOptions(StreamType = stream))
                            )

                        if abs (predicted - found) > 0.07 * found then
                            $"{mode}, {update}: predicted %.1f{predicted / 1e6} MB, measured %.1f{found / 1e6} MB"
                ]

                Expect.equal errors [] "cells that are off"
            }

        test "within a budget the measured peak stays, and a larger one keeps more blocks" {
            let values = settings [ "Blocks", 4 ]
            use network = new EspcnRn(4)
            let prediction = MemoryPrediction(network, 12L, 11L)

            let keptWithin budget =
                let kept = MemoryBudget.KeptBlocks(prediction, network, budget, true)

                let found =
                    measured
                        EspcnRn.Declaration
                        values
                        BackpropagationMode.Reversible
                        UpdatePlace.Fused
                        12L
                        11L
                        (StepOptions(KeptBlocks = kept))

                Expect.isLessThanOrEqual found budget "measured peak"
                Seq.sum kept.Values

            let counts =
                List.map keptWithin [ 35_000_000L; 50_000_000L; 70_000_000L; 200_000_000L ]

            Expect.equal
                counts
                (counts |> List.distinct |> List.sort)
                "each budget keeps more blocks than the one before"

            Expect.equal (List.last counts) 12 "the last budget has room for every block"

            Expect.throwsC (fun () -> MemoryBudget.KeptBlocks(prediction, network, 1_000_000L) |> ignore) (fun e ->
                Expect.stringContains e.Message "too small for network espcn-rn" "a budget below the reversed step")
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

            // Both with the float64 residual stream of deep stacks; 30 more blocks have 22 MB of parameters.
            let grows update =
                peak (ResidualStreamType.DeepStack + 30) update
                - peak ResidualStreamType.DeepStack update

            Expect.isLessThan (grows UpdatePlace.Fused) 1_500_000L "fused, 30 blocks more"
            Expect.isGreaterThan (grows UpdatePlace.Behind) 10_000_000L "behind, 30 blocks more"
        }
    ]
