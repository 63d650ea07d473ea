/// Who frees what in networks with forks, joins and several outputs: live tensors, exceptions, repeated use.
module Iqt.Tests.Reversible.GraphOwnershipTests

open System
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Tests
open Iqt.Tests.Networks

let private modes = Enum.GetValues<BackpropagationMode>()

let private small = [| 1L; 2L; 4L; 4L; 4L |]

let private squares (outputs: Collections.Generic.IReadOnlyList<torch.Tensor>) =
    use scope = torch.NewDisposeScope()

    let total =
        outputs
        |> Seq.map (fun output -> output.square().mean ())
        |> Seq.reduce (fun a b -> torch.add (a, b))

    total.MoveToOuterDisposeScope()

let private step (network: Network) mode (input: torch.Tensor) =
    network.zero_grad ()
    network.Backpropagate([| input |], mode, Func<_, _> squares).Dispose()

let private gradients (network: Network) =
    use scope = torch.NewDisposeScope()

    [|
        for p in network.parameters () do
            match p.grad with
            | null -> ()
            | gradient -> yield! gradient.data<float32>().ToArray()
    |]

[<Tests>]
let tests =
    // The count of live tensors is the whole process's: nothing else may run beside.
    testSequenced
    <| testList "reversible/ownership of graphs" [
        for mode in modes do
            test $"{mode}: as many tensors live after 1000 steps as after one" {
                use network = new Knot()
                use input = Noise.single 1UL [| 1L; 2L; 2L; 2L; 2L |]
                step network mode input
                let before = LiveTensors.settled ()

                for _ in 1..1000 do
                    step network mode input

                Expect.equal torch.Tensor.TotalCount before "live tensors"
            }

            test $"{mode}: outputs that the loss leaves aside, caches kept for later and passes never used leak nothing" {
                use network = new GraphNetwork(1)
                use input = Noise.single 2UL small

                let use' () =
                    network.zero_grad ()
                    use pass = network.Run(input, mode)
                    use gradient = torch.ones_like pass.Outputs[0]

                    let first: (torch.Tensor | null)[] = [| gradient; null |]

                    for g in pass.Backward(first, wantInputGradients = true, retainCaches = true) do
                        g.Dispose()

                    use other = torch.ones_like pass.Outputs[1]
                    let second: (torch.Tensor | null)[] = [| null; other |]
                    pass.Backward(second, retainCaches = true) |> ignore
                    network.Run(input, mode).Dispose()

                use' ()
                network.zero_grad ()
                let before = LiveTensors.settled ()

                for _ in 1..5 do
                    use' ()

                network.zero_grad ()
                Expect.equal torch.Tensor.TotalCount before "live tensors"
            }

            test $"{mode}: an exception in the middle of the backward pass frees everything" {
                use network = new FragileNetwork()
                use input = Noise.single 3UL small
                step network mode input
                network.zero_grad ()
                let fragile = network.modules () |> Seq.pick tryUnbox<FragileModule>
                let before = LiveTensors.settled ()

                for _ in 1..3 do
                    use pass = network.Run(input, mode)
                    use gradient = torch.ones_like pass.Output

                    let spoil () =
                        use _ = torch.no_grad ()
                        fragile.Conv.weight.mul_ (1.5.ToScalar()) |> ignore

                    spoil ()
                    fragile.Fails <- true
                    Expect.throws (fun () -> pass.Backward(gradient, true) |> ignore) "a layer that fails"
                    fragile.Fails <- false

                network.zero_grad ()
                Expect.equal (LiveTensors.settled ()) before "live tensors"
            }

        for mode in modes do
            test $"{mode}: an exception in the run that repeats a stack frees everything" {
                use network = new FragileFunctions()
                use input = Noise.single 3UL small
                let fragile = network.modules () |> Seq.pick tryUnbox<FragileModule>

                let fail () =
                    use pass = network.Run(input, mode)
                    use gradient = torch.ones_like pass.Output
                    fragile.Fails <- true

                    if mode <> BackpropagationMode.SingleGraph then
                        Expect.throws (fun () -> pass.Backward(gradient, true) |> ignore) "a function that fails"

                    fragile.Fails <- false

                fail ()
                network.zero_grad ()
                let before = LiveTensors.settled ()

                for _ in 1..3 do
                    fail ()

                network.zero_grad ()
                Expect.equal torch.Tensor.TotalCount before "live tensors"
            }

        test "modules of a user's own count a batch once and leave the global generator where it was" {
            for mode in modes do
                use network = new ModuleNetwork()
                use input = Noise.single 4UL [| 2L; 4L; 4L; 4L; 4L |]
                torch.random.manual_seed 5L |> ignore
                step network mode input
                use next = torch.rand 1L
                // Of the generator, a step takes one number.
                torch.random.manual_seed 5L |> ignore
                use drawn = torch.randint (Int64.MaxValue, [| 1L |], dtype = torch.int64)
                use expected = torch.rand 1L
                Expect.isTrue (next.Equals expected) $"{mode}: generator"

                for struct (name, buffer) in network.named_buffers () do
                    if name.EndsWith "num_batches_tracked" then
                        Expect.equal (buffer.item<int64> ()) 1L $"{mode}: {name}"
        }

        test "dropout draws another mask each step and the same one within it" {
            use network = new GraphNetwork(1, dtype = Nullable torch.float64)
            Initializer.Randomize(network, 6UL)
            use scope = torch.NewDisposeScope()
            let input = (Noise.single 7UL small).to_type torch.float64

            let output (seed: uint64) mode =
                use pass = network.Run([| input |], mode, Execution(true, seed))
                use last = pass.Outputs[1].detach ()
                last.clone ()

            for mode in modes do
                Expect.isFalse ((output 1UL mode).Equals(output 2UL mode)) $"{mode}: two steps"

                Expect.isTrue
                    ((output 1UL mode).allclose (output 1UL BackpropagationMode.SingleGraph))
                    $"{mode}: one step"
        }

        test "an output may be used twice, and inside the network as well" {
            let loss (outputs: Collections.Generic.IReadOnlyList<torch.Tensor>) =
                use scope = torch.NewDisposeScope()
                let product = torch.mul (outputs[0], outputs[1])
                torch.add(product.mean (), outputs[0].square().mean ()).MoveToOuterDisposeScope()

            use network = new Chain()
            Initializer.Randomize(network, 8UL)
            use input = Noise.single 9UL [| 2L; 2L; 4L; 4L; 4L |]

            let found = [
                for mode in modes do
                    network.zero_grad ()
                    network.Backpropagate([| input |], mode, Func<_, _> loss).Dispose()
                    gradients network
            ]

            let largest = found.Head |> Array.map abs |> Array.max

            for other in found.Tail do
                Expect.equal other.Length found.Head.Length "as many gradients"
                Array.iter2 (fun a b -> Expect.isLessThan (abs (a - b)) (1e-4f * largest) "gradient") found.Head other
        }

        test "inputs of sizes that don't fit each other are refused with the segment and the sizes that would" {
            use network = new DeepMedic()
            use image = torch.zeros [| 1L; 1L; 25L; 25L; 25L |]

            let refusal (context: int64) =
                use other = torch.zeros [| 1L; 1L; context; context; context |]

                try
                    network.Run([| image; other |], BackpropagationMode.Reversible).Dispose()
                    ""
                with :? ArgumentException as e ->
                    e.Message

            Expect.equal (refusal 11L) "" "25³ and 11³ fit"
            let message = refusal 12L
            Expect.stringContains message "Joined joins edges of 21 (Detail2) and 24 (Surrounding2) voxels" "segment"
            Expect.stringContains message "Context with edges of 11 voxels" "the context that fits the image"
            Expect.stringContains message "Image with edges of 28 voxels" "the image that fits the context"
            Expect.stringContains (refusal 25L) "Context with edges of 11 voxels" "equal inputs, which never fit"
        }
    ]
