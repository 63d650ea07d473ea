/// Blocks that keep their activations, and stacks that nothing differentiated depends on.
module Iqt.Tests.Reversible.KeptBlockTests

open System
open System.Collections.Generic
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Reversible.Adjoints
open Iqt.Tests.Networks

let private kept (blocks: (string * int) list) =
    StepOptions(KeptBlocks = Dictionary(dict blocks))

/// The gradients by name; those of parameters without one are left out.
let private gradients (network: Network) = [
    for struct (name, parameter) in network.named_parameters () do
        match parameter.grad with
        | null -> ()
        | gradient ->
            use flat = gradient.detach().flatten ()
            name, flat.data<float>().ToArray()
]

let private agree what (found: (string * float array) list) (expected: (string * float array) list) =
    Expect.equal (List.map fst found) (List.map fst expected) $"{what}: parameters that have a gradient"

    for (name, a), (_, b) in List.zip found expected do
        Array.iter2 (fun x y -> Expect.isLessThan (abs (x - y)) (1e-9 * (1.0 + abs y)) $"{what}: {name}") a b

[<Tests>]
let tests =
    testList "reversible/kept blocks" [
        for blocks in [ []; [ "Aside", 1 ]; [ "Aside", 4; "Affine", 1 ]; [ "Affine", 2 ] ] do
            test $"a stack whose output the loss leaves aside gives its input back and gets no gradients, {blocks}" {
                let step mode (options: StepOptions) =
                    use network = new StackAside(dtype = Nullable torch.float64)
                    Initializer.Randomize(network, 1UL)
                    use input = Noise.double 2UL [| 2L; 4L; 4L; 4L; 4L |]

                    let loss (outputs: IReadOnlyList<torch.Tensor>) =
                        use square = outputs[0].mul outputs[0]
                        square.mean ()

                    network.Backpropagate([| input |], mode, Func<_, _> loss, options).Dispose()
                    gradients network

                agree
                    "against one graph"
                    (step BackpropagationMode.Reversible (kept blocks))
                    (step BackpropagationMode.SingleGraph StepOptions.Default)
            }

        test "an update within the pass leaves such a stack alone" {
            use network = new StackAside()
            use input = Noise.single 3UL [| 2L; 4L; 4L; 4L; 4L |]
            let complete = List<string>()

            let options =
                StepOptions(GradientsComplete = Action<_>(fun m -> complete.Add(m.GetName())))

            let loss (outputs: IReadOnlyList<torch.Tensor>) = outputs[0].mean ()

            network.Backpropagate([| input |], BackpropagationMode.Reversible, Func<_, _> loss, options).Dispose()
            Expect.equal (List.ofSeq complete) [ "Head"; "Stem" ] "modules whose gradients are complete"
        }

        for before, behind in [ 0, 1; 1, 0; 0, 0; 2, 1 ] do
            for first, second in [ 0, 0; 1, 1; 5, 5 ] do
                test $"stacks of {before} and {behind} blocks, of which {first} and {second} are to be kept" {
                    let step mode (options: StepOptions) =
                        use network = new TwoStacks(before, behind, dtype = Nullable torch.float64)
                        Initializer.Randomize(network, 4UL)
                        use input = Noise.double 5UL [| 2L; 4L; 4L; 4L; 4L |]
                        use pass = network.Run(input, mode, options)
                        use dy = torch.ones_like pass.Output
                        use dx = nonNull (pass.Backward(dy, true))
                        use flat = dx.contiguous().flatten ()
                        ("input", flat.data<float>().ToArray()) :: gradients network

                    agree
                        "against one graph"
                        (step BackpropagationMode.Reversible (kept [ "First", first; "Second", second ]))
                        (step BackpropagationMode.SingleGraph StepOptions.Default)
                }

        for name, options, expected in
            [
                "an unknown stack", kept [ "Stack9", 1 ], [ "'Stack9'"; "Stack1, Stack2, Stack3" ]
                "a segment of layers", kept [ "Layer1", 1 ], [ "'Layer1'"; "Stack1, Stack2, Stack3" ]
                "a negative number of blocks", kept [ "Stack1", -3 ], [ "Stack1"; "-3"; "at least 0" ]
                "a negative distance of caches", StepOptions(CacheEvery = -1), [ "CacheEvery"; "-1"; "at least 0" ]
            ] do
            test $"{name} is refused" {
                use network = new EspcnRn(2)
                use input = torch.zeros [| 1L; 6L; 7L; 7L; 7L |]

                Expect.throwsC
                    (fun () -> network.Run(input, BackpropagationMode.Reversible, options).Dispose())
                    (fun e ->
                        Expect.isTrue (e :? ArgumentException) "an argument"

                        for part in expected do
                            Expect.stringContains e.Message part "message")
            }

        for strategies, expected in
            [
                [ SegmentStrategy.Store ], [ "7 strategies"; "1 was given" ]
                List.replicate 7 SegmentStrategy.Reverse, [ "Layer1"; "Store or Recompute" ]
            ] do
            test $"{strategies.Length} strategies are refused" {
                use network = new EspcnRn(2)
                use input = torch.zeros [| 1L; 6L; 7L; 7L; 7L |]

                Expect.throwsC (fun () -> network.Run([| input |], List.toArray strategies).Dispose()) (fun e ->
                    for part in expected do
                        Expect.stringContains e.Message part "message")
            }
    ]
