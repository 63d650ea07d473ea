module Iqt.Tests.Reversible.MemoryTests

open System
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible

/// Peak of resident memory of one step above what was in use before it, in MB, at the paper's batch.
let private peakOfStep mode blocks =
    use network = new EspcnRn(blocks)
    use input = torch.zeros [| 12L; 6L; 11L; 11L; 11L |]

    let step () =
        network.zero_grad ()

        use loss =
            network.Backpropagate(
                input,
                mode,
                Func<_, _>(fun output ->
                    use square = output.square ()
                    square.mean ())
            )

        loss.item<float32> () |> ignore

    step ()
    float (PeakMemory.Measure(Action step)) / 1e6

[<Tests>]
let tests =
    // The gradients of 15 more blocks in each of three stacks take 11 MB; their activations about 550.
    testSequenced
    <| testList "reversible/memory" [
        test "of a step grows with depth in one graph and not in mode Reversible" {
            let grows mode = peakOfStep mode 16 - peakOfStep mode 1

            Expect.isGreaterThan (grows BackpropagationMode.SingleGraph) 300.0 "single graph, MB from 1 to 16 blocks"
            Expect.isLessThan (grows BackpropagationMode.Reversible) 30.0 "reversible, MB from 1 to 16 blocks"
        }
    ]
