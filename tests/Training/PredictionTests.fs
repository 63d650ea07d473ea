module Iqt.Tests.Training.PredictionTests

open Expecto
open TorchSharp
open Iqt.Diffusion
open Iqt.Training
open Iqt.Tests.Training.Fixtures

let private predict margin (low: TensorImage) brain tiling =
    use network = new NearestNetwork(margin)
    Predictor(network, identityNormalization, PatchGeometry.Of(network, 11), torch.CPU).Predict(low, brain, tiling)

[<Tests>]
let tests =
    testList "training" [
        testList "prediction" [
            for tiling in [ Tiling.Training; Tiling.Whole ] do
                for margin in [ 0; 2; 3 ] do
                    testCase $"{tiling}, margin {margin}: stitching moves and loses no voxel, edges included" (fun () ->
                        // Sizes that tiles of 7 LR voxels fill neither exactly nor evenly.
                        let low = tensorsOf (grid 8 15 16) (speckle 3UL)
                        let brain = maskOf (low.Grid.Upsampled 2) (fun x y z -> (x * 7 + y * 3 + z) % 5 > 0)
                        let found = predict margin low brain tiling
                        Expect.equal found.Grid (low.Grid.Upsampled 2) "grid and affine"

                        let expected =
                            tensorsOf found.Grid (fun e x y z ->
                                if brain[x, y, z] then
                                    speckle 3UL e (x / 2) (y / 2) (z / 2)
                                else
                                    0.0)

                        Expect.isTrue (found.Values = expected.Values) "every voxel")
            testCase "only tiles with brain are predicted" (fun () ->
                let brain = maskOf (grid 60 60 60) (fun x y z -> x < 2 && y < 2 && z < 2)
                Expect.equal (TilePlan.Of(brain, espcnGeometry, Tiling.Training).Count) 1 "one corner")
            testCase "normalisation per voxel is refused for the whole volume" (fun () ->
                use network = new NearestNetwork(2)
                let one = Standardization([| 0f |], [| 1f |])

                let predictor =
                    Predictor(
                        network,
                        Normalization(NormalizationScope.PerVoxel, one, one),
                        PatchGeometry.Of(network, 11),
                        torch.CPU
                    )

                let low = TensorImage(grid 4 4 4)

                Expect.throwsT<DataException>
                    (fun () -> predictor.Predict(low, fullMask (low.Grid.Upsampled 2), Tiling.Whole) |> ignore)
                    "refused")
        ]
    ]
