/// Flat optimisers against TorchSharp's own, whole-step and fused.
module Iqt.Tests.Reversible.OptimizerTests

open System
open System.Collections.Generic
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Reversible.Adjoints
open Iqt.Reversible.Optimizers
open Iqt.Tests
open Iqt.Tests.Networks

let private noise (seed: uint64) (dtype: torch.ScalarType) (shape: int64[]) =
    use random = new torch.Generator(seed, torch.CPU)
    torch.randn (shape, dtype = dtype, generator = random)

let private squares (output: torch.Tensor) =
    use square = output.square ()
    square.mean ()

/// One step of a network with any number of outputs.
let private backpropagate (network: Network) mode (input: torch.Tensor) (options: StepOptions | null) =
    let loss (outputs: IReadOnlyList<torch.Tensor>) =
        let mutable total = squares outputs[0]

        for output in Seq.skip 1 outputs do
            use before = total
            use square = squares output
            total <- before.add square

        total

    network.Backpropagate([| input |], mode, Func<_, _> loss, options).Dispose()

/// Every number of the network, in float64, by name.
let private weights (network: Network) = [
    for struct (name, parameter) in network.named_parameters () do
        use double = parameter.detach().to_type torch.float64
        name, double.data<float>().ToArray()
]

/// The largest difference between the networks' numbers, relative to the largest number of each tensor.
let private difference (a: Network) (b: Network) =
    List.map2
        (fun (_, x) (_, y) ->
            let largest = Array.fold (fun m v -> max m (abs v)) 1e-30 y
            (Array.map2 (fun p q -> abs (p - q)) x y |> Array.max) / largest)
        (weights a)
        (weights b)
    |> List.max

let private twins (dtype: torch.ScalarType) =
    let network () =
        let network = new EspcnRn(2, torch.CPU, dtype)
        Initializer.Randomize(network, 1UL)
        network

    network (), network ()

/// An optimiser of TorchSharp's and ours, made for a network.
let private pairs: (string * (Network -> torch.optim.Optimizer) * (Network -> FlatOptimizer)) list = [
    "Adam", (fun n -> torch.optim.Adam(n.parameters (), 1e-3)), (fun n -> new Adam(n, 1e-3))
    "Adam with weight decay",
    (fun n -> torch.optim.Adam(n.parameters (), 1e-3, weight_decay = 0.1)),
    (fun n -> new Adam(n, 1e-3, weightDecay = 0.1))
    "AdamW",
    (fun n -> torch.optim.AdamW(n.parameters (), 1e-3, weight_decay = 0.1)),
    (fun n -> new Adam(n, 1e-3, weightDecay = 0.1, isDecoupled = true))
    "SGD", (fun n -> torch.optim.SGD(n.parameters (), 1e-3)), (fun n -> new StochasticGradientDescent(n, 1e-3))
    "SGD with momentum and weight decay",
    (fun n -> torch.optim.SGD(n.parameters (), 1e-3, momentum = 0.9, weight_decay = 0.1)),
    (fun n -> new StochasticGradientDescent(n, 1e-3, momentum = 0.9, weightDecay = 0.1))
    "Nesterov",
    (fun n -> torch.optim.SGD(n.parameters (), 1e-3, momentum = 0.9, nesterov = true)),
    (fun n -> new StochasticGradientDescent(n, 1e-3, momentum = 0.9, isNesterov = true))
]

/// Gradients that depend on nothing but seed and step: a pass would amplify the rounding of earlier updates.
let private giveGradients (network: Network) (step: int) (skip: string -> bool) =
    let mutable seed = uint64 (1000 * step)

    for struct (name, parameter) in network.named_parameters () do
        seed <- seed + 1UL

        if skip name then
            parameter.grad <- null
        else
            use gradient = noise seed parameter.dtype parameter.shape
            parameter.grad <- gradient

let private setRate (theirs: torch.optim.Optimizer) (ours: FlatOptimizer) rate =
    for group in theirs.ParamGroups do
        group.LearningRate <- rate

    ours.LearningRate <- rate

[<Tests>]
let againstTorch =
    // Building networks draws from the global generator, on which other tests' modules rely.
    testSequenced
    <| testList "reversible/optimizers/torch" [
        for name, theirs, ours in pairs do
            for dtype, tolerance in [ torch.float64, 1e-13; torch.float32, 1e-5 ] do
                test
                    $"{name} in {dtype}: 30 steps with changing rates equal TorchSharp's, with parameters that have no gradient" {
                    let expected, found = twins dtype
                    use expected = expected
                    use found = found
                    use reference = theirs expected
                    use optimizer = ours found

                    for step in 1..30 do
                        // One block has none in some steps, one tensor has none in others, one never.
                        let skip (parameter: string) =
                            (step % 3 = 0 && parameter.StartsWith "stack2.0.")
                            || (step % 4 = 1 && parameter = "stack1.1.f.spatial.conv.weight")
                            || parameter = "layer2.conv.bias"

                        giveGradients expected step skip
                        giveGradients found step skip
                        setRate reference optimizer (1e-3 / float step)
                        reference.step () |> ignore
                        optimizer.Step()

                    let error = difference found expected
                    Expect.isLessThan error tolerance "relative difference of the parameters"
                }

        test "clipping by the norm of all gradients equals TorchSharp's, and is refused in the fused update" {
            let expected, found = twins torch.float64
            use expected = expected
            use found = found
            use reference = torch.optim.Adam(expected.parameters (), 1e-3)
            use optimizer = new Adam(found, 1e-3, MaxGradientNorm = 0.5)

            for step in 1..3 do
                giveGradients expected step (fun _ -> false)
                giveGradients found step (fun _ -> false)

                torch.nn.utils.clip_grad_norm_ (expected.parameters (), 0.5) |> ignore
                reference.step () |> ignore
                optimizer.Step()

            Expect.isLessThan (difference found expected) 1e-13 "parameters"

            Expect.throwsC (fun () -> optimizer.Fused() |> ignore) (fun e ->
                Expect.stringContains e.Message "needs all gradients at once" "the message")
        }
    ]

let private segmentModes = [
    BackpropagationMode.Stored
    BackpropagationMode.Checkpointed
    BackpropagationMode.Reversible
]

let private networks: (string * (unit -> Network) * int64[]) list = [
    "espcn-rn with batch norm", (fun () -> new EspcnRn(3)), [| 2L; 6L; 7L; 7L; 7L |]
    "a graph with affine coupling, dropout and two outputs", (fun () -> new GraphNetwork()), [| 2L; 2L; 8L; 8L; 8L |]
    "modules of a user's own, with dropout", (fun () -> new ModuleNetwork()), [| 2L; 4L; 6L; 6L; 6L |]
]

[<Tests>]
let fused =
    // Dropout draws its step's seed from the global generator.
    testSequenced
    <| testList "reversible/optimizers/fused" [
        for name, make, shape in networks do
            for mode in segmentModes do
                test
                    $"{name}, {mode}: the update within the backward pass gives bit for bit the weights of the update behind it" {
                    let run isFused =
                        use network = make ()
                        Initializer.Randomize(network, 2UL)
                        network.train ()
                        torch.manual_seed 3L |> ignore

                        use input = noise 4UL torch.float32 shape
                        use optimizer = new Adam(network, 1e-3)

                        for _ in 1..4 do
                            if isFused then
                                backpropagate network mode input (optimizer.Fused())
                            else
                                optimizer.ZeroGradients()
                                backpropagate network mode input null
                                optimizer.Step()

                        let gradients =
                            network.parameters () |> Seq.filter (fun p -> not (isNull p.grad)) |> Seq.length

                        let buffers = [
                            for struct (name, buffer) in network.named_buffers () do
                                use double = buffer.to_type torch.float64
                                name, double.data<float>().ToArray()
                        ]

                        weights network, buffers, gradients

                    let expected, expectedBuffers, _ = run false
                    let found, buffers, gradients = run true
                    Expect.equal gradients 0 "gradients that are left behind a fused update"
                    Expect.equal found expected "parameters"
                    Expect.equal buffers expectedBuffers "running statistics"
                }

        test "what needs all gradients at once is refused with a message, and nothing is updated" {
            use network = new EspcnRn(1)
            use input = noise 5UL torch.float32 [| 1L; 6L; 5L; 5L; 5L |]
            use optimizer = new Adam(network)
            let before = weights network

            Expect.throwsC
                (fun () -> backpropagate network BackpropagationMode.SingleGraph input (optimizer.Fused()))
                (fun e -> Expect.stringContains e.Message "One graph has all gradients at once" "one graph")

            use pass = network.Run(input, BackpropagationMode.Reversible, optimizer.Fused())
            use gradient = torch.ones_like pass.Output

            Expect.throwsC (fun () -> pass.Backward(gradient, retainCaches = true) |> ignore) (fun e ->
                Expect.stringContains e.Message "can't be retained" "several backward calls")

            backpropagate network BackpropagationMode.Reversible input null

            Expect.throwsC
                (fun () -> backpropagate network BackpropagationMode.Reversible input (optimizer.Fused()))
                (fun e -> Expect.stringContains e.Message "to accumulate several" "accumulation")

            Expect.equal (weights network) before "weights"
            use other = new EspcnRn(1)

            Expect.throwsT<ArgumentException>
                (fun () -> backpropagate other BackpropagationMode.Reversible input (optimizer.Fused()))
                "another network's optimiser"
        }

        test "the network behind a fused pass can still be run and trained otherwise" {
            use network = new EspcnRn(1)
            use input = noise 6UL torch.float32 [| 1L; 6L; 5L; 5L; 5L |]
            use optimizer = new Adam(network)
            backpropagate network BackpropagationMode.Reversible input (optimizer.Fused())
            backpropagate network BackpropagationMode.SingleGraph input null
            optimizer.Step()
            optimizer.ZeroGradients()
            backpropagate network BackpropagationMode.Reversible input (optimizer.Fused())
        }
    ]

[<Tests>]
let state =
    testSequenced
    <| testList "reversible/optimizers/state" [
        for name, _, ours in pairs do
            test $"{name}: a saved state goes on bit for bit in another optimiser of another network object" {
                let original, restored = twins torch.float32
                use original = original
                use restored = restored
                use optimizer = ours original

                for step in 1..5 do
                    giveGradients original step (fun name -> step = 2 && name.StartsWith "stack1.0.")
                    optimizer.Step()

                use other = ours restored

                for struct (name, parameter) in original.named_parameters () do
                    use _ = torch.no_grad ()

                    let own =
                        restored.named_parameters ()
                        |> Seq.pick (fun struct (n, p) -> if n = name then Some p else None)

                    own.copy_ parameter |> ignore

                let saved = optimizer.State()
                other.LoadState saved

                for tensor in saved.Values do
                    tensor.Dispose()

                for network, optimizer in [ original, optimizer; restored, other ] do
                    giveGradients network 6 (fun _ -> false)
                    optimizer.Step()

                Expect.equal (weights restored) (weights original) "parameters"
            }

        test "a state's names and shapes are those of the parameters" {
            use network = new EspcnRn(1)
            use optimizer = new Adam(network)
            let state = optimizer.State()

            for struct (name, parameter) in network.named_parameters () do
                Expect.equal (state[$"{name}.exp_avg"].shape) parameter.shape name
                Expect.equal (state[$"{name}.exp_avg_sq"].shape) parameter.shape name
                Expect.equal (state[$"{name}.step"].item<int64> ()) 0L name

            Expect.equal state.Count (3 * Seq.length (network.parameters ())) "nothing else"

            for tensor in state.Values do
                tensor.Dispose()
        }

        test "a state that does not fit is refused with the name" {
            use network = new EspcnRn(1)
            use optimizer = new Adam(network)
            use other = new StochasticGradientDescent(network, 1e-3, momentum = 0.9)
            let state = other.State()

            Expect.throwsC (fun () -> optimizer.LoadState state) (fun e ->
                Expect.stringContains e.Message "exp_avg is missing" "message")
        }

        test "a network that is converted to another type is followed, with the moments" {
            let expected, found = twins torch.float64
            use expected = expected
            use found = found
            use reference = torch.optim.Adam(expected.parameters (), 1e-3)
            use optimizer = new Adam(found, 1e-3)

            for step in 1..6 do
                if step = 4 then
                    // There and back: new parameter objects, and numbers rounded to float32 in between.
                    found.``to`` torch.float32 |> ignore
                    found.``to`` torch.float64 |> ignore

                giveGradients expected step (fun _ -> false)
                giveGradients found step (fun _ -> false)
                reference.step () |> ignore
                optimizer.Step()

            let error = difference found expected
            Expect.isLessThan error 1e-6 "rounding to float32, no more"
            Expect.isGreaterThan error 1e-12 "it was converted"
        }

        test "a network and its optimiser move to another device" {
            use network = new EspcnRn(1)
            use optimizer = new Adam(network)
            giveGradients network 1 (fun _ -> false)
            optimizer.Step()
            network.``to`` DeviceType.META |> ignore
            let state = optimizer.State()

            for pair in state do
                if not (pair.Key.EndsWith ".step") then
                    Expect.equal pair.Value.device_type DeviceType.META pair.Key

                pair.Value.Dispose()
        }

        test "two optimisers of one network take its parameters over from each other" {
            let expected, found = twins torch.float64
            use expected = expected
            use found = found
            use a = torch.optim.Adam(expected.parameters (), 1e-3)
            use b = torch.optim.SGD(expected.parameters (), 1e-2)
            use first = new Adam(found, 1e-3)
            use second = new StochasticGradientDescent(found, 1e-2)

            for step in 1..4 do
                giveGradients expected step (fun _ -> false)
                giveGradients found step (fun _ -> false)

                if step % 2 = 0 then
                    a.step () |> ignore
                    first.Step()
                else
                    b.step () |> ignore
                    second.Step()

            Expect.isLessThan (difference found expected) 1e-13 "parameters"
        }

        test "no live tensor and no byte is left by a step, and disposal leaves the weights" {
            use network = new EspcnRn(2)
            use input = noise 7UL torch.float32 [| 1L; 6L; 7L; 7L; 7L |]
            let before = LiveTensors.settled ()
            let optimizer = new Adam(network)

            let steps () =
                backpropagate network BackpropagationMode.Reversible input (optimizer.Fused())
                backpropagate network BackpropagationMode.Reversible input null
                optimizer.Step()
                optimizer.ZeroGradients()

            steps ()
            let after = LiveTensors.settled ()

            for _ in 1..5 do
                steps ()

            Expect.equal torch.Tensor.TotalCount after "live tensors after more steps"
            let kept = weights network
            optimizer.Dispose()
            Expect.equal (weights network) kept "weights of a disposed optimiser"
            Expect.equal (LiveTensors.settled ()) before "live tensors behind the optimiser"
        }
    ]
