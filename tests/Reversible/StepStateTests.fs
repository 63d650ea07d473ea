/// What a step relies on between its forward and its backward pass: the mode, random numbers, types.
module Iqt.Tests.Reversible.StepStateTests

open System
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Tests.Networks
open Iqt.Tests.Reversible.NetworkStep

let private modes = Enum.GetValues<BackpropagationMode>()

let private vector (network: Network) =
    use _ = torch.NewDisposeScope()

    torch
        .cat(
            [|
                for p in network.parameters () do
                    match p.grad with
                    | null -> ()
                    | gradient -> gradient.flatten ()
            |]
        )
        .MoveToOuterDisposeScope()

let private difference (found: torch.Tensor) (expected: torch.Tensor) =
    use _ = torch.NewDisposeScope()
    let found, expected = found.to_type torch.float64, expected.to_type torch.float64
    (found.sub expected).norm().item<float> () / expected.norm().item<float> ()

[<Tests>]
let tests =
    // Modules of a user's own draw from the global generator.
    testSequenced
    <| testList "reversible/state of a step" [
        for isTraining in [ true; false ] do
            for mode in segmentModes do
                test
                    $"{mode}: a backward pass in another mode than its forward pass is refused, and goes on in the right one ({isTraining})" {
                    use network = new EspcnRn(2, dtype = torch.float64)
                    Initializer.Randomize(network, 1UL)
                    use input = Noise.double 2UL [| 2L; 6L; 7L; 7L; 7L |]
                    network.train isTraining

                    use expected =
                        use pass = network.Run(input, mode)
                        use dy = torch.ones_like pass.Output
                        pass.Backward dy |> ignore
                        vector network

                    network.zero_grad ()
                    use pass = network.Run(input, mode)
                    use dy = torch.ones_like pass.Output
                    network.train (not isTraining)

                    Expect.throwsC (fun () -> pass.Backward dy |> ignore) (fun e ->
                        Expect.isTrue (e :? InvalidOperationException) "what it is"
                        Expect.stringContains e.Message "train" "the remedy")

                    network.train isTraining
                    pass.Backward dy |> ignore
                    use found = vector network
                    Expect.isLessThan (difference found expected) 1e-12 "gradients"
                }

        test "dropout that alone is in training mode draws another mask each time" {
            use network = new Knot()
            network.eval ()

            for dropout in network.modules () |> Seq.choose tryUnbox<ReplayedDropout> do
                dropout.train ()

            use input = Noise.single 3UL [| 1L; 2L; 4L; 4L; 4L |]

            for mode in modes do
                use first = network.Run(input, mode)
                use second = network.Run(input, mode)
                Expect.isFalse (first.Outputs[0].Equals second.Outputs[0]) $"{mode}: two masks"
        }

        for part in [ "dropout"; "norm" ] do
            for mode in segmentModes do
                test $"{mode}: a user's module of which only the {part} is in training mode" {
                    let step mode =
                        use network = new ModuleNetwork(dtype = Nullable torch.float64)
                        Initializer.Randomize(network, 4UL)
                        network.eval ()

                        for m in network.modules () do
                            match m with
                            | :? Modules.Dropout3d when part = "dropout" -> m.train ()
                            | :? Modules.BatchNorm3d when part = "norm" -> m.train ()
                            | _ -> ()

                        use input = Noise.double 5UL [| 2L; 4L; 4L; 4L; 4L |]
                        torch.random.manual_seed 6L |> ignore
                        use pass = network.Run(input, mode)
                        use dy = torch.ones_like pass.Output
                        pass.Backward dy |> ignore

                        let means = [
                            for struct (name, buffer) in network.named_buffers () do
                                if name.EndsWith "running_mean" then
                                    yield! buffer.data<float>().ToArray()
                        ]

                        vector network, means

                    let found, means = step mode
                    let expected, expectedMeans = step BackpropagationMode.SingleGraph
                    use found = found
                    use expected = expected
                    Expect.isLessThan (difference found expected) 1e-9 "gradients"

                    for a, b in List.zip means expectedMeans do
                        Expect.isLessThan (abs (a - b)) 1e-9 "running means"
                }

        test "a stack that runs before the first step is inverted behind it" {
            use network = new GraphNetwork(2, dtype = Nullable torch.float64)
            Initializer.Randomize(network, 7UL)
            use input = Noise.double 8UL [| 2L; 16L; 4L; 4L; 4L |]
            use output = network.RunSegment("Decoder", input) // with dropout
            use step = Noise.double 9UL [| 2L; 2L; 4L; 4L; 4L |]
            network.Run(step, BackpropagationMode.Reversible).Dispose()
            use again = network.InvertSegment("Decoder", output)
            Expect.isLessThan (difference again input) 1e-9 "the input"
        }

        for dtype in [ torch.float64; torch.int64 ] do
            for mode in modes do
                test $"{mode}: a gradient in {dtype} is taken in the output's type" {
                    let step (dtype: torch.ScalarType) =
                        use network = new TwoStacks()
                        Initializer.Randomize(network, 10UL)
                        use input = Noise.single 11UL [| 2L; 4L; 4L; 4L; 4L |]
                        use pass = network.Run(input, mode)
                        use dy = (torch.ones_like pass.Output).to_type dtype
                        use dx = nonNull (pass.Backward(dy, true))
                        Expect.equal dx.dtype torch.float32 "type of the input's gradient"
                        vector network

                    use found = step dtype
                    use expected = step torch.float32
                    Expect.isLessThan (difference found expected) 1e-6 "gradients"
                }

        for mode in segmentModes do
            test $"{mode}: a gradient on another device is refused by name" {
                use network = new TwoStacks()
                use input = Noise.single 12UL [| 1L; 4L; 4L; 4L; 4L |]
                use pass = network.Run(input, mode)
                use dy = torch.empty (pass.Output.shape, device = torch.META)

                Expect.throwsC (fun () -> pass.Backward dy |> ignore) (fun e ->
                    Expect.isTrue (e :? ArgumentException) "an argument"
                    Expect.stringContains e.Message "meta" "where the gradient lies"
                    Expect.stringContains e.Message "cpu" "where the output lies")
            }

        test "an empty batch is refused by name" {
            for mode in modes do
                use network = new EspcnRn(1)
                use input = torch.zeros [| 0L; 6L; 7L; 7L; 7L |]

                Expect.throwsC (fun () -> network.Run(input, mode).Dispose()) (fun e ->
                    Expect.isTrue (e :? ArgumentException) $"{mode}: an argument"
                    Expect.stringContains e.Message "empty batch" $"{mode}: what is wrong")
        }

        test "an input of another type than the parameters is refused by name" {
            for mode in modes do
                use network = new EspcnRn(1)
                use input = torch.zeros ([| 1L; 6L; 7L; 7L; 7L |], dtype = torch.float64)

                Expect.throwsC (fun () -> network.Run(input, mode).Dispose()) (fun e ->
                    Expect.isTrue (e :? ArgumentException) $"{mode}: an argument"
                    Expect.stringContains e.Message "Float64" $"{mode}: what was found"
                    Expect.stringContains e.Message "Float32" $"{mode}: what was expected")
        }

        for mode in modes do
            test $"{mode}: a module that gives its very input back" {
                use network = new IdleNetwork(dtype = Nullable torch.float64)
                use input = Noise.double 13UL [| 1L; 4L; 3L; 3L; 3L |]
                use pass = network.Run(input, mode)
                use dy = torch.ones_like pass.Output
                use dx = nonNull (pass.Backward(dy, true))
                let convolution = network.modules () |> Seq.pick tryUnbox<Modules.Conv3d>
                use _ = torch.no_grad ()
                use kernels = convolution.weight.sum 0L
                use through = kernels.flatten ()
                // α' = α + β, β' = β + α' = α + 2β
                let w = through.data<float>().ToArray()
                let g = dx[0].mean([| 1L; 2L; 3L |]).data<float>().ToArray()

                for i in 0..1 do
                    Expect.isLessThan (abs (g[i] - (w[i] + w[i + 2]))) 1e-12 "∂L/∂α"
                    Expect.isLessThan (abs (g[i + 2] - (w[i] + 2.0 * w[i + 2]))) 1e-12 "∂L/∂β"
            }

        test "a module that overwrites its input in training mode only is refused when it comes to that" {
            use network = new TrainingOverwriterNetwork()
            use input = Noise.single 14UL [| 1L; 4L; 3L; 3L; 3L |]
            network.eval ()
            network.Run(input, BackpropagationMode.Reversible).Dispose()
            network.train ()

            Expect.throwsC (fun () -> network.Run(input, BackpropagationMode.Reversible).Dispose()) (fun e ->
                Expect.stringContains e.Message "TrainingOverwriter changes its input" "the module")
        }
    ]
