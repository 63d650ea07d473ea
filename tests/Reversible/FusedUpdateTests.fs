/// Updates within the backward pass against updates behind it.
module Iqt.Tests.Reversible.FusedUpdateTests

open System
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Reversible.Optimizers
open Iqt.Tests.Networks
open Iqt.Tests.Reversible.NetworkStep
open Iqt.Tests.Reversible.OptimizerPairs

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

                        use input = Noise.single 4UL shape
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
            use input = Noise.single 5UL [| 1L; 6L; 5L; 5L; 5L |]
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
            use input = Noise.single 6UL [| 1L; 6L; 5L; 5L; 5L |]
            use optimizer = new Adam(network)
            backpropagate network BackpropagationMode.Reversible input (optimizer.Fused())
            backpropagate network BackpropagationMode.SingleGraph input null
            optimizer.Step()
            optimizer.ZeroGradients()
            backpropagate network BackpropagationMode.Reversible input (optimizer.Fused())
        }
    ]
