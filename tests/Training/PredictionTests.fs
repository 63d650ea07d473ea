module Iqt.Tests.Training.PredictionTests

open System
open System.IO
open System.Security.Cryptography
open Expecto
open TorchSharp
open Iqt.Diffusion
open Iqt.Training
open Iqt.Reversible
open Iqt.Tests
open Iqt.Tests.Networks
open Iqt.Tests.Training.Fixtures

let private predict margin (low: TensorImage) brain tiling =
    use network = new NearestNetwork(margin)
    Predictor(network, identityNormalization, PatchGeometry.Of(network, 11), torch.CPU).Predict(low, brain, tiling)

let private perChannel =
    let one = Standardization([| 1e-3f |], [| 3e-4f |])
    Normalization(NormalizationScope.PerChannel, one, one)

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
            for name, hyperparameters, farthest, margin in
                [
                    // Two convolutions of the ESPCN and two of each of three blocks.
                    "espcn-rn", [ "Blocks", 1 ], 8, 2
                    // An interpolation, and six convolutions at twice the resolution.
                    "srdti", [ "Blocks", 1; "Width", 8 ], 4, 0
                ] do
                testCase $"slabs give the whole volume's voxels, whatever the memory ({name})" (fun () ->
                    use network = create name hyperparameters 3UL
                    let geometry = PatchGeometry.Of(network, 11)
                    let predictor = Predictor(network, perChannel, geometry, torch.CPU)
                    let low = tensorsOf (grid 6 7 40) (speckle 5UL)
                    let brain = fullMask (low.Grid.Upsampled 2)

                    let predict (memory: int64) =
                        predictor.Predict(low, brain, Tiling.Whole, memory = memory)

                    let whole = predict (1L <<< 40)
                    // A plane of the padded volume, and how many a slab of one plane needs.
                    let plane =
                        int64 ((6 + 2 * margin) * (7 + 2 * margin)) * SlabPlan.BytesPerVoxel network

                    let radius =
                        Expect.wantSome (Option.ofNullable (ReceptiveField network).Radius) "a radius"

                    Expect.equal radius farthest "as far as it looks"

                    for planes in [ 1; 5; 13 ] do
                        let memory = plane * int64 (planes + 2 * (radius + margin))
                        let slabs = SlabPlan.Of(brain, geometry, network, memory)
                        Expect.equal slabs.Count ((40 + planes - 1) / planes) "slabs"
                        let found = predict memory

                        Array.iter2
                            (fun (a: float32) b ->
                                Expect.isLessThan (abs (a - b)) 4e-8f $"{planes} planes: rounding, 1e-5 of the values")
                            found.Values
                            whole.Values

                    Expect.throwsC (fun () -> predict plane |> ignore) (fun error ->
                        Expect.stringContains error.Message $"reads {radius + margin} planes on either side" "why"
                        Expect.stringContains error.Message "--tiling training" "the fastest remedy"

                        let megabytes planes = (plane * int64 planes >>> 20) + 1L
                        Expect.stringContains error.Message $"--memory {megabytes (40 + 2 * margin)}" "at once"
                        Expect.stringContains error.Message $"{megabytes (1 + 2 * (radius + margin))} MB" "the least"))
            testCase "a network that looks further than a slab can is not cut into slabs" (fun () ->
                for name, build in
                    [
                        "Down of network pooled-edges", (fun () -> new PooledEdges() :> Network)
                        "Down of network even-edges", (fun () -> new EvenEdges())
                        // Written by hand, it says nothing of its layers.
                        "Output of network nearest", (fun () -> new NearestNetwork(2))
                    ] do
                    use network = build ()
                    let geometry = PatchGeometry.Of(network, 12)
                    let low = tensorsOf (grid 6 8 200) (speckle 5UL)
                    let brain = fullMask (low.Grid.Upsampled 2)
                    let voxels = 200L * 8L * 6L * SlabPlan.BytesPerVoxel network

                    Expect.throwsC
                        (fun () -> SlabPlan.Of(brain, geometry, network, voxels - 1L) |> ignore)
                        (fun error ->
                            Expect.isTrue (error :? DataException) "in words"
                            Expect.stringContains error.Message $"as {name} has layers that" "whose fault"
                            Expect.stringContains error.Message "Use --tiling training, or allow" "the remedies"))
            testCase "memory is counted at the resolution that segments work at" (fun () ->
                use network = create "srdti" [] 3UL

                Expect.equal
                    (SlabPlan.BytesPerVoxel network)
                    (4L * (5L * 64L * 8L + 12L + 3L * 6L * 8L))
                    "64 channels on 8 HR voxels each")
            testCase "a volume is padded to edges that the network takes" (fun () ->
                use network = new EvenEdges()
                Initializer.Apply(network, InitializationScheme.He, 3UL)

                let predictor =
                    Predictor(network, perChannel, PatchGeometry.Of(network, 12), torch.CPU)

                let low = tensorsOf (grid 6 7 5) (speckle 5UL)

                let padded =
                    tensorsOf (grid 6 8 6) (fun e x y z -> if y < 7 && z < 5 then speckle 5UL e x y z else 0.0)

                let predict (image: TensorImage) =
                    predictor.Predict(image, fullMask (image.Grid.Upsampled 2), Tiling.Whole)

                let found, expected = predict low, predict padded
                let from, into = found.Grid.Size, expected.Grid.Size

                for e in 0..5 do
                    for i in 0 .. from.Voxels - 1 do
                        let struct (x, y, z) = from.Position i

                        Expect.equal
                            found.Values[e * from.Voxels + i]
                            expected.Values[e * into.Voxels + into.Index(x, y, z)]
                            "as if zeros had been scanned")
            testCase "an image names the weights that predicted it, not those that took their place" (fun () ->
                TestData.inTemporaryFolder (fun folder ->
                    let file = Path.Combine(folder, "c.safetensors")

                    let write epoch =
                        use network = create "espcn" [] (uint64 epoch)
                        Checkpoint.Capture(network, espcnGeometry, perChannel, epoch, 0.25).Write file
                        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes file))

                    let then' = write 5
                    use model = TrainedModel.Open(file, catalog.Value)
                    let now = write 7
                    Expect.notEqual now then' "a run that goes on writes others"

                    let origin =
                        nonNull (PredictionProvenance.Of(model, Tiling.Training, "scan", "mask").GeneratedBy[0])

                    Expect.equal
                        (string origin["Epoch"], string origin["CheckpointSha256"])
                        ("5", then')
                        "epoch and hash"))
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
