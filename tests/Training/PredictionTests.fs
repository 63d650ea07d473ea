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
                Expect.equal (TilePlan.Of(brain, espcnGeometry).Count) 1 "one corner")
            testCase "slabs give the whole volume's voxels, whatever the memory" (fun () ->
                use network = create "espcn-rn" [ "Blocks", 1 ] 3UL
                let geometry = PatchGeometry.Of(network, 11)
                let one = Standardization([| 1e-3f |], [| 3e-4f |])
                let normalization = Normalization(NormalizationScope.PerChannel, one, one)
                let predictor = Predictor(network, normalization, geometry, torch.CPU)
                let low = tensorsOf (grid 6 7 40) (speckle 5UL)
                let brain = fullMask (low.Grid.Upsampled 2)

                let predict (memory: int64) =
                    predictor.Predict(low, brain, Tiling.Whole, memory = memory)

                let whole = predict (1L <<< 40)
                // A plane of the padded volume, and how many a slab of one plane needs: 8 convolutions with a kernel of 3.
                let plane = 10L * 11L * SlabPlan.BytesPerVoxel network

                let radius =
                    Expect.wantSome (Option.ofNullable (ReceptiveField.RadiusOf network)) "a radius"

                Expect.equal radius 8 "two convolutions of the ESPCN and two of each of three blocks"

                for planes in [ 1; 5; 13 ] do
                    let memory = plane * int64 (planes + 2 * (radius + 2))
                    let slabs = SlabPlan.Of(brain, geometry, network, memory)
                    Expect.equal slabs.Count ((40 + planes - 1) / planes) "slabs"
                    let found = predict memory

                    Array.iter2
                        (fun (a: float32) b ->
                            Expect.isLessThan (abs (a - b)) 4e-8f $"{planes} planes: rounding, 1e-5 of the values")
                        found.Values
                        whole.Values

                Expect.throwsC (fun () -> predict plane |> ignore) (fun error ->
                    Expect.stringContains error.Message "reads 10 planes on either side" "why"
                    Expect.stringContains error.Message "--tiling training" "the fastest remedy"

                    let megabytes planes = (plane * planes >>> 20) + 1L
                    Expect.stringContains error.Message $"--memory {megabytes 44L}" "the whole volume at once"
                    Expect.stringContains error.Message $"{megabytes 21L} MB" "the least"))
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
