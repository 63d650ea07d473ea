/// A network as one node of an ordinary autograd graph.
module Iqt.Tests.Reversible.BridgeTests

open System
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Reversible.Adjoints
open Iqt.Reversible.Optimizers
open Iqt.Tests
open Iqt.Tests.Networks
open Iqt.Tests.Reversible.NetworkStep

let private gradients (network: Network) = [
    for struct (name, parameter) in network.named_parameters () do
        match parameter.grad with
        | null -> ()
        | found ->
            use gradient = found
            name, gradient.data<float>().ToArray()
]

let private network () =
    let network = new EspcnRn(2, torch.CPU, torch.float64)
    Initializer.Randomize(network, 1UL)
    network

[<Tests>]
let tests =
    testSequenced
    <| testList "reversible/bridge" [
        for mode in segmentModes do
            test
                $"{mode}: loss.backward() through layers before and behind gives bit for bit the gradients of Backpropagate" {
                use network = network ()
                use input = Noise.double 2UL [| 2L; 6L; 6L; 6L; 6L |]
                use before = torch.nn.Conv3d(6L, 6L, 1L, dtype = torch.float64)

                use adapted =
                    use raw = before.call input
                    raw.detach ()

                network.Backpropagate(
                    adapted,
                    mode,
                    Func<_, _>(fun (output: torch.Tensor) ->
                        use square = output.square ()
                        square.mean ())
                )
                |> fun loss -> loss.Dispose()

                let expected = gradients network
                network.zero_grad ()
                use features = before.call input
                use node = network.AsNode(features, mode)
                use square = node.Output.square ()
                use loss = square.mean ()
                loss.backward ()
                node.EndBackward()
                Expect.equal (gradients network) expected "gradients of the network's parameters"

                // The gradient that goes on, against one graph of everything.
                use first = nonNull before.weight.grad
                use found = first.clone ()
                before.zero_grad ()
                network.zero_grad ()
                use again = before.call input
                use output = network.call again
                use square = output.square ()
                use loss = square.mean ()
                loss.backward ()
                use reference = nonNull before.weight.grad
                Expect.isTrue (found.allclose (reference, 1e-9, 1e-12)) "gradient of the layer before"
            }

        test "a second backward call is refused without retained caches, and right with them" {
            use network = network ()
            use input = Noise.double 3UL [| 1L; 6L; 6L; 6L; 6L |]

            do
                use node = network.AsNode input
                use loss = node.Output.sum ()
                loss.backward (retain_graph = true)
                node.EndBackward()
                loss.backward ()

                Expect.throwsC (fun () -> node.EndBackward()) (fun e ->
                    Expect.stringContains e.Message "retainCaches: true" "the second")

            network.zero_grad ()
            use node = network.AsNode(input, retainCaches = true)
            use loss = node.Output.sum ()
            loss.backward (retain_graph = true)
            let once = gradients network
            loss.backward ()
            node.EndBackward()

            for (name, a), (_, b) in List.zip once (gradients network) do
                let largest = Array.fold (fun m v -> max m (abs v)) 1e-12 a
                Expect.isTrue (Array.forall2 (fun x y -> abs (2.0 * x - y) < 1e-9 * largest) a b) $"{name} twice"
        }

        test "what fails within libtorch's backward pass is thrown behind it" {
            use network = network ()
            use input = Noise.double 4UL [| 1L; 6L; 6L; 6L; 6L |]

            let options =
                StepOptions(GradientsComplete = Action<_>(fun _ -> failwith "in the middle"))

            use node = network.AsNode(input, options = options)
            use loss = node.Output.sum ()
            loss.backward ()

            Expect.throwsC (fun () -> node.EndBackward()) (fun e ->
                Expect.stringContains e.Message "in the middle" "the exception of the pass")

            use other = network.AsNode input
            Expect.throwsT<InvalidOperationException> (fun () -> other.EndBackward()) "no backward pass"

            Expect.throwsT<ArgumentException>
                (fun () -> network.AsNode(input, BackpropagationMode.SingleGraph).Dispose())
                "one graph"
        }

        test "the update fused with the pass works from loss.backward() too" {
            let run isBridged =
                use network = network ()
                use input = Noise.double 5UL [| 1L; 6L; 6L; 6L; 6L |]
                use optimizer = new Adam(network)

                for _ in 1..2 do
                    if isBridged then
                        use node = network.AsNode(input, options = optimizer.Fused())
                        use loss = node.Output.sum ()
                        loss.backward ()
                        node.EndBackward()
                    else
                        network.Backpropagate(
                            input,
                            BackpropagationMode.Reversible,
                            Func<_, _>(fun (output: torch.Tensor) -> output.sum ()),
                            optimizer.Fused()
                        )
                        |> fun loss -> loss.Dispose()

                [
                    for p in network.parameters () do
                        p.data<float>().ToArray()
                ]

            Expect.equal (run true) (run false) "weights"
        }

        test "no live tensor is left by a step, with modules of a user's own too" {
            use network = new ModuleNetwork()
            use input = torch.randn [| 2L; 4L; 5L; 5L; 5L |]

            let step () =
                network.zero_grad ()
                use node = network.AsNode input
                use loss = node.Output.sum ()
                loss.backward ()
                node.EndBackward()

            step ()
            let before = LiveTensors.settled ()

            for _ in 1..5 do
                step ()

            Expect.equal (LiveTensors.settled ()) before "live tensors"
        }

        test "an input's handle may be disposed before the backward pass, as with any operation of a graph" {
            use network = network ()
            use leaf = (Noise.double 3UL [| 2L; 6L; 6L; 6L; 6L |]).requires_grad_ ()
            let input = leaf.mul (2.0.ToScalar())
            use node = network.AsNode input
            input.Dispose()
            use loss = squares node.Output
            loss.backward ()
            node.EndBackward()
            Expect.isNotNull leaf.grad "∂L/∂input"
        }
    ]
