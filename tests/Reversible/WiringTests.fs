/// Networks whose activations have several readers, in every combination of strategies.
module Iqt.Tests.Reversible.WiringTests

open System
open Expecto
open TorchSharp
open Iqt.Reversible
open Iqt.Tests.Networks
open Iqt.Tests.Reversible.TensorVector

let private gradients (network: Network) (inputGradients: torch.Tensor seq) =
    vector [
        for p in network.parameters () do
            match p.grad with
            | null -> torch.zeros_like p
            | gradient -> gradient
        yield! inputGradients
    ]

/// With each, of how many combinations one is tried.
let private networks: (string * (unit -> Network) * int64[] * int) list = [
    "fork", (fun () -> new Fork(dtype = Nullable torch.float64)), [| 2L; 2L; 4L; 4L; 4L |], 1
    "chain", (fun () -> new Chain(dtype = Nullable torch.float64)), [| 2L; 2L; 4L; 4L; 4L |], 7
    "graph", (fun () -> new GraphNetwork(1, dtype = Nullable torch.float64)), [| 1L; 2L; 4L; 4L; 4L |], 7
]

/// Every combination of strategies that a network's segments can have.
let private combinations (network: Network) =
    let possible (segment: Segment) =
        match segment.Kind with
        | SegmentKind.Stack -> [ SegmentStrategy.Store; SegmentStrategy.Recompute; SegmentStrategy.Reverse ]
        | SegmentKind.Layers -> [ SegmentStrategy.Store; SegmentStrategy.Recompute ]
        | _ -> [ SegmentStrategy.Reverse ]

    Seq.foldBack
        (fun segment behind ->
            List.allPairs (possible segment) behind
            |> List.map (fun (s, others) -> s :: others))
        network.Segments
        [ [] ]

/// Which outputs the loss depends on: all, the first only, the last only.
let private dependences (outputs: int) = [
    [ for _ in 1..outputs -> true ]
    [ for i in 1..outputs -> i = 1 ]
    [ for i in 1..outputs -> i = outputs ]
]

/// Dropout would draw from the generator that other tests draw from: eval mode, and batches by their own statistics.
let private prepare (network: Network) =
    Initializer.Randomize(network, 1UL)

    for m in network.modules () do
        match m with
        | :? ReplayedDropout as dropout -> dropout.eval ()
        | _ -> ()

[<Tests>]
let tests =
    testList "reversible/wiring" [
        for name, create, shape, every in networks do
            test $"{name}: strategies in all combinations give the gradients of one graph, twice if caches are kept" {
                use scope = torch.NewDisposeScope()
                use network = create ()
                prepare network
                let input = Noise.double 1UL shape
                let all = combinations network
                let outputs = network.Segments |> Seq.filter _.IsOutput |> Seq.length

                for dependence in dependences outputs do
                    let outputGradients (pass: ForwardPass) : (torch.Tensor | null)[] = [|
                        for depends, (i, output) in List.zip dependence (List.ofSeq (Seq.indexed pass.Outputs)) ->
                            if depends then
                                withNull (Noise.double (uint64 (10 + i)) output.shape)
                            else
                                null
                    |]

                    let expected, once =
                        use pass = network.Run([| input |], BackpropagationMode.SingleGraph)
                        network.zero_grad ()
                        let inputs = pass.Backward(outputGradients pass, wantInputGradients = true)
                        vector pass.Outputs, gradients network inputs

                    // Steps prime to the numbers of strategies, so that every one meets every other.
                    let stride = if List.forall id dependence then every else 17 * every
                    let some = [ for i in 0..stride .. all.Length - 1 -> all[i] ]

                    for strategies in some do
                        use inner = torch.NewDisposeScope()
                        let told = $"%A{strategies}, loss of outputs %A{dependence}"
                        use pass = network.Run([| input |], List.toArray strategies)
                        Expect.isLessThan (distance (vector pass.Outputs) expected) 1e-12 $"outputs, {told}"

                        for _ in 1..2 do
                            network.zero_grad ()

                            let inputs =
                                pass.Backward(outputGradients pass, wantInputGradients = true, retainCaches = true)

                            Expect.isLessThan (distance (gradients network inputs) once) 1e-11 $"gradients, {told}"

                        network.zero_grad ()
                        let none = pass.Backward(outputGradients pass)
                        Expect.isEmpty none "nobody asked for the input's gradient"
                        let parameters = Array.take (once.Length - int (input.numel ())) once
                        Expect.isLessThan (distance (gradients network []) parameters) 1e-11 $"last pass, {told}"
            }

        test "what a plan keeps: of a chain of stacks and squeezes only the end" {
            use network = new Invertible2d()
            let plan = SegmentPlan.For(network, BackpropagationMode.Reversible)
            let kept = [ for i in 0 .. plan.Count - 1 -> plan.IsKept i ]
            Expect.equal kept [ false; false; false; false; true; false; false ] "the last stack's output"
        }

        test "strategies that no segment can have are refused" {
            use network = new Chain()
            use input = torch.zeros [| 1L; 2L; 4L; 4L; 4L |]

            for strategies in
                [
                    [| for _ in network.Segments -> SegmentStrategy.Reverse |]
                    [| SegmentStrategy.Store |]
                ] do
                Expect.throwsT<ArgumentException>
                    (fun () -> network.Run([| input |], strategies).Dispose())
                    "layers reversed, or too few strategies"
        }
    ]
