/// What a training step does with the engine's options.
module Iqt.Tests.Training.StepTests

open System
open System.IO
open Expecto
open TorchSharp
open Iqt.Diffusion
open Iqt.Reversible
open Iqt.Reversible.Measurement
open Iqt.Training
open Iqt.Tests
open Iqt.Tests.Training.Fixtures
open Iqt.Tests.Training.PhantomRun

let private images = lazy (subject "sub-1" 1 12 24)

/// Twelve patches.
let private batchOf (network: Network) (region: LossRegion) (truth: TensorImage) (brain: Mask) =
    let images = images.Value

    let subject =
        SubjectImages("sub-1", images.LowResolution, images.LowResolutionMask, truth, brain, images.Patches)

    let scale = Standardization([| 1e-3f |], [| 1e-3f |])

    BatchBuilder(
        [| subject |],
        PatchGeometry.Of(network, 11),
        Normalization(NormalizationScope.PerChannel, scale, scale),
        region,
        torch.CPU
    )
        .Build(
            ReadOnlySpan [|
                for struct (x, y, z) in images.Patches.Centres |> Seq.take 12 -> PatchReference(0, x, y, z)
            |]
        )

/// The same; a target that is not a number makes such a loss.
let private batch (network: Network) (isFinite: bool) =
    let images = images.Value

    let truth =
        if isFinite then
            images.HighResolution
        else
            tensorsOf images.HighResolution.Grid (fun _ _ _ _ -> nan)

    batchOf network LossRegion.BrainVoxels truth images.Brain

let private parameters (network: Network) = [
    for struct (name, parameter) in network.named_parameters () ->
        use flat = parameter.detach().reshape (-1L)
        name, flat.data<float32>().ToArray()
]

/// The parameters after some steps.
let private trained count (settings: TrainingSettings) =
    use network = create "espcn-rn" [ "Blocks", 3 ] 1UL
    use batch = batch network true
    use step = new TrainingStep(network, settings)

    for _ in 1..count do
        step.Run batch |> ignore

    parameters network

/// The first step's gradients, times 1 − β₁. Weights say less: Adam makes a step of a gradient that is nothing but rounding.
let private gradients (settings: TrainingSettings) =
    use network = create "espcn-rn" [ "Blocks", 3 ] 1UL
    use batch = batch network true
    use step = new TrainingStep(network, settings)
    step.Run batch |> ignore

    [|
        for entry in step.CaptureOptimizer() do
            if entry.Name.EndsWith ".exp_avg" then
                for value in entry.ToSingles() -> float value
    |]

let private difference (found: float array) (expected: float array) =
    let norm (values: float array) =
        sqrt (values |> Array.sumBy (fun v -> v * v))

    norm (Array.map2 (-) found expected) / norm expected

[<Tests>]
let tests =
    testSequenced
    <| testList "training/step" [
        test "the fused update gives the checkpoints of the one behind the pass, byte by byte" {
            TestData.inTemporaryFolder (fun folder ->
                let train (update: ParameterUpdate) =
                    let run = Path.Combine(folder, string update)

                    start run (settings.With("update", update).With("weightDecay", 0.01).With("epochs", 2))
                    |> ignore

                    weights run

                Expect.equal (train ParameterUpdate.Fused) (train ParameterUpdate.Behind) "checkpoints")
        }

        for update in [ ParameterUpdate.Behind; ParameterUpdate.Fused ] do
            test $"a loss that is not finite leaves weights and optimiser as they were ({update})" {
                use network = create "espcn-rn" [ "Blocks", 2 ] 1UL
                use good = batch network true
                use bad = batch network false
                use step = new TrainingStep(network, settings.With("update", update))
                step.Run good |> ignore
                let before = parameters network
                let state () = [ for entry in step.CaptureOptimizer() -> entry.Name, hash entry.Data ]
                let stateBefore = state ()
                Expect.isTrue (Double.IsNaN(step.Run bad)) "the loss"
                Expect.equal (parameters network) before "weights"
                Expect.equal (state ()) stateBefore "moments and steps"
                step.Run good |> ignore
                Expect.notEqual (parameters network) before "the next step trains on"
            }

        test "Adam's constants and the clipping are those of the settings: TorchSharp's Adam comes to the same" {
            let settings =
                TrainingSettings.Default
                    .With("learningRate", 3e-3)
                    .With("firstMomentDecay", 0.8)
                    .With("secondMomentDecay", 0.9)
                    .With("adamEpsilon", 1e-2)
                    .With("weightDecay", 0.05)
                    .With("clipNorm", 0.05)
                    .With("mode", BackpropagationMode.SingleGraph)

            let found = trained 3 settings
            use network = create "espcn-rn" [ "Blocks", 3 ] 1UL
            use batch = batch network true
            use adam = torch.optim.Adam(network.parameters (), 3e-3, 0.8, 0.9, 1e-2, 0.05)

            for _ in 1..3 do
                adam.zero_grad ()
                use output = network.call batch.Input
                use loss = TrainingStep.Loss(output, batch)
                loss.backward ()
                torch.nn.utils.clip_grad_norm_ (network.parameters (), 0.05) |> ignore
                adam.step () |> ignore

            for (name, a), (_, b) in List.zip found (parameters network) do
                Array.iter2 (fun x y -> Expect.isLessThan (abs (x - y)) (1e-5f + 1e-4f * abs y) name) a b
        }

        test "the loss counts brain voxels alone, each channel of them once" {
            use network = create "espcn" [] 1UL
            use batch = batch network true
            let brain = nonNull batch.Brain
            use output = network.call batch.Input
            use output = output.detach ()
            use outside = brain.eq (0.0.ToScalar())
            use outside = outside.expand_as output
            Expect.isGreaterThan (outside.sum().item<int64> ()) 0L "some are outside"

            let loss (prediction: torch.Tensor) batch =
                use loss = TrainingStep.Loss(prediction, batch)
                float (loss.item<float32> ())

            use elsewhere = output.masked_fill (outside, 1e3.ToScalar())
            Expect.equal (loss elsewhere batch) (loss output batch) "whatever stands outside"

            // The same error in every voxel has one mean, whichever voxels count.
            let images = images.Value

            use bare = batchOf network LossRegion.AllVoxels images.HighResolution images.Brain

            Expect.isNull bare.Brain "no mask"
            use off = batch.Target.add (0.5.ToScalar())
            Expect.floatClose Accuracy.medium (loss off batch) (loss off bare) "with and without a mask"
        }

        for region in [ LossRegion.BrainVoxels; LossRegion.AllVoxels ] do
            test $"the squared error is the root of the mean square over the voxels that count ({region})" {
                let images = images.Value
                use network = create "espcn" [] 1UL
                use batch = batchOf network region images.HighResolution images.Brain
                use output = network.call batch.Input
                use output = output.detach ()

                let numbers (tensor: torch.Tensor) =
                    use everyChannel = tensor.expand_as batch.Target
                    use flat = everyChannel.reshape (-1L)
                    flat.data<float32>().ToArray() |> Array.map float

                let counts =
                    match batch.Brain with
                    | null -> Array.create (int (batch.Target.numel ())) 1.0
                    | brain -> numbers brain

                let squares =
                    Array.map3
                        (fun found expected counts -> counts * (found - expected) ** 2.0)
                        (numbers output)
                        (numbers batch.Target)
                        counts

                use root = SquaredError.Root(output, batch)

                Expect.floatClose
                    Accuracy.medium
                    (float (root.item<float32> ()))
                    (sqrt (Array.sum squares / Array.sum counts))
                    "in float64"
            }

        test "one graph takes the memory that a step of the network takes: the loss stands in the same graph" {
            use network = create "espcn-rn" [ "Blocks", 3 ] 1UL
            use batch = batch network true
            let mode = BackpropagationMode.SingleGraph
            use step = new TrainingStep(network, TrainingSettings.Default.With("mode", mode))
            step.Run batch |> ignore
            let meter = MemoryMeter.For torch.CPU
            let found = meter.PeakAbove(fun () -> step.Run batch |> ignore)

            let expected =
                meter.PeakAbove(fun () ->
                    let loss (output: torch.Tensor) = TrainingStep.Loss(output, batch)
                    network.Backpropagate(batch.Input, mode, Func<_, _> loss).Dispose())

            Expect.isLessThanOrEqual found (expected + 1000L) "bytes"
        }

        test "a memory budget keeps activations and is kept to, and the gradients are the same to rounding" {
            let peak (settings: TrainingSettings) =
                use network = create "espcn-rn" [ "Blocks", 3 ] 1UL
                use batch = batch network true
                use step = new TrainingStep(network, settings)
                step.Run batch |> ignore
                MemoryMeter.For(torch.CPU).PeakAbove(fun () -> step.Run batch |> ignore)

            let plain = TrainingSettings.Default
            let budget = plain.With("memoryBudget", "60MB")

            for settings in
                [
                    budget
                    budget.With("update", "fused")
                    budget.With("stream", StreamType.F64)
                ] do
                let found = peak settings
                Expect.isGreaterThan found (peak plain * 5L / 4L) "keeps more than without"
                Expect.isLessThanOrEqual found 60_000_000L "the budget"

            Expect.isLessThan (difference (gradients budget) (gradients plain)) 1e-2 "gradients"
        }

        test "the residual stream's and the convolutions' type reach the engine" {
            let plain = TrainingSettings.Default
            let float32 = gradients (plain.With("stream", StreamType.F32))
            let float64 = gradients (plain.With("stream", StreamType.F64))
            let half = gradients (plain.With("precision", ConvolutionPrecision.Bf16))
            let stream, sixteen = difference float64 float32, difference half float32
            Expect.isGreaterThan stream 0.0 "another stream rounds differently"
            Expect.isLessThan stream 1e-2 "but little"
            Expect.isGreaterThan sixteen (10.0 * stream) "sixteen bits round more"
            Expect.isLessThan sixteen 0.5 "of the same numbers"
        }
    ]
