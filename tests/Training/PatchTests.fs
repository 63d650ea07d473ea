module Iqt.Tests.Training.PatchTests

open System
open Expecto
open TorchSharp
open Iqt.Training
open Iqt.Tests.Training.Fixtures

let private at (image: Iqt.Diffusion.TensorImage) element x y z =
    let size = image.Grid.Size

    if size.Contains(x, y, z) then
        image.Values[element * size.Voxels + size.Index(x, y, z)]
    else
        0f

let private brainOf (batch: PatchBatch) : torch.Tensor =
    match batch.Brain with
    | null -> failtest "the batch does not say which voxels are brain"
    | brain -> brain

let private greater (tensor: torch.Tensor) (limit: float) =
    use scalar = Scalar.op_Implicit limit
    tensor.gt scalar

let private builder subjects normalization device =
    BatchBuilder(subjects, espcnGeometry, normalization, LossRegion.BrainVoxels, device)

[<Tests>]
let tests =
    testList "training" [
        testList "patches" [
            testCase "geometry of the ESPCN" (fun () ->
                use network = create "espcn" [] 0UL
                let geometry = PatchGeometry.Of(network, 11)

                Expect.equal
                    (geometry.OutputSize, geometry.OutputOffset, geometry.Margin, geometry.Rate)
                    (14, 4, 2, 2)
                    "as in the paper")
            testCase "batches hold what a voxel by voxel extraction gives, also beyond the volume" (fun () ->
                let low = tensorsOf (grid 8 9 10) (speckle 1UL)
                let high = tensorsOf ((grid 8 9 10).Upsampled 2) (speckle 2UL)
                let lowMask = fullMask low.Grid
                let brain = maskOf high.Grid (fun x y z -> (x + y + z) % 3 = 0)
                let images = SubjectImages("s", low, lowMask, high, brain, PatchIndex.Empty)
                let centres = [| 0, 0, 0; 4, 4, 5; 7, 8, 9 |]
                let references = centres |> Array.map (fun (x, y, z) -> PatchReference(0, x, y, z))

                use batch =
                    (builder [| images |] identityNormalization torch.CPU).Build(ReadOnlySpan references)

                let input, target =
                    batch.Input.data<float32>().ToArray(), batch.Target.data<float32>().ToArray()

                let inside = (brainOf batch).data<float32>().ToArray()
                Expect.equal batch.Target.shape [| 3L; 6L; 14L; 14L; 14L |] "shape"

                centres
                |> Array.iteri (fun i (cx, cy, cz) ->
                    for e in 0..5 do
                        for z in 0..10 do
                            for y in 0..10 do
                                for x in 0..10 do
                                    if
                                        input[(((i * 6 + e) * 11 + z) * 11 + y) * 11 + x]
                                        <> at low e (cx - 5 + x) (cy - 5 + y) (cz - 5 + z)
                                    then
                                        failtestf "input %d %d (%d, %d, %d)" i e x y z

                        for z in 0..13 do
                            for y in 0..13 do
                                for x in 0..13 do
                                    let hx, hy, hz = 2 * (cx - 3) + x, 2 * (cy - 3) + y, 2 * (cz - 3) + z

                                    if target[(((i * 6 + e) * 14 + z) * 14 + y) * 14 + x] <> at high e hx hy hz then
                                        failtestf "target %d %d (%d, %d, %d)" i e x y z

                                    if (inside[((i * 14 + z) * 14 + y) * 14 + x] = 1f) <> brain[hx, hy, hz] then
                                        failtestf "brain %d (%d, %d, %d)" i x y z))
            testCase "batches are made on the network's device" (fun () ->
                // A device without memory: any tensor made elsewhere would make libtorch refuse to combine them.
                let images = subject "s" 1 8 4

                use batch =
                    (builder [| images |] identityNormalization torch.META)
                        .Build(ReadOnlySpan [| PatchReference(0, 4, 4, 4) |])

                for tensor in [ batch.Input; batch.Target; brainOf batch ] do
                    Expect.equal tensor.device_type DeviceType.META "device"

                use loss = SquaredError.Root(batch.Target, batch)
                Expect.equal loss.device_type DeviceType.META "the loss too")
            testCase "normalisation gives mean 0 and variance 1 over the training patches" (fun () ->
                let images = subject "s" 1 12 20

                let references = [|
                    for struct (x, y, z) in images.Patches.Centres -> PatchReference(0, x, y, z)
                |]

                for scope in [ NormalizationScope.PerVoxel; NormalizationScope.PerChannel ] do
                    let normalization =
                        NormalizationStatistics.Of([| images |], references, espcnGeometry, scope)

                    use batch =
                        (builder [| images |] normalization torch.CPU).Build(ReadOnlySpan references)

                    if scope = NormalizationScope.PerVoxel then
                        use mean = batch.Target.mean [| 0L |]
                        use variance = batch.Target.``var`` ([| 0L |], unbiased = false)
                        Expect.isLessThan (mean.abs().max().item<float32> ()) 1e-3f "mean"
                        // Corners beyond the volume in every patch don't vary and become 0.
                        use off = variance.sub(torch.ones_like variance).abs ()
                        use odd = ((greater off 1e-2).logical_and (greater variance 1e-3)).any ()
                        Expect.isFalse (odd.item<bool> ()) "variance"
                    else
                        use counted = greater ((brainOf batch).expand_as batch.Target) 0.5

                        for channel in 0L .. 5L do
                            use values =
                                batch.Target.select(1, channel).masked_select (counted.select (1, channel))

                            Expect.floatClose Accuracy.low (float (values.std(false).item<float32> ())) 1.0 "deviation"
                            Expect.isLessThan (abs (values.mean().item<float32> ())) 1e-3f "mean")
            testCase "patch centres: from the mask, none twice, a shorter index begins a longer one" (fun () ->
                let mask = maskOf (grid 9 8 7) (fun x y _ -> x > y)

                let long, short =
                    PatchIndex.Draw(mask, 60, 5UL, "s"), PatchIndex.Draw(mask, 20, 5UL, "s")

                Expect.equal (Seq.length (Seq.distinct long.Centres)) 60 "distinct"
                Expect.isTrue (long.Centres |> Seq.forall (fun struct (x, y, z) -> mask[x, y, z])) "inside"
                Expect.equal (List.ofSeq short.Centres) (List.ofSeq (Seq.take 20 long.Centres)) "prefix"

                Expect.throwsT<Iqt.Diffusion.DataException>
                    (fun () -> PatchIndex.Draw(mask, 500, 5UL, "s") |> ignore)
                    "too many")
        ]
    ]
