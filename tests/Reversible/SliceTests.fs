/// Tensors that begin in the middle of another one's memory, as a batch does that is cut out of a larger one.
module Iqt.Tests.Reversible.SliceTests

open System
open Expecto
open TorchSharp

open Iqt.Reversible
open Iqt.Reversible.Adjoints
open Iqt.Tests

/// Images 3 and 4 of six, in channels-last order, and the same numbers in memory of their own.
let private sliced seed (shape: int64 list) =
    let all = MemoryLayout.ToChannelsLast(Noise.double seed [| 6L; yield! shape |])
    let slice = all.narrow (0L, 3L, 2L)
    Expect.isTrue (MemoryLayout.IsChannelsLast slice) "the slice is in channels-last order"
    slice, slice.clone ()

let private same what (found: torch.Tensor) (expected: torch.Tensor) =
    Expect.isLessThan ((found.sub expected).abs().max().item<float> ()) 1e-12 what

[<Tests>]
let tests =
    // The number of threads is the whole process's.
    testSequenced
    <| testList "reversible/slices" [
        test "batch norm of a slice" {
            use _ = torch.NewDisposeScope()
            use _ = torch.no_grad ()
            let layer = torch.nn.BatchNorm3d(6L, dtype = torch.float64)
            let own = NormalizedActivation layer
            let x, copy = sliced 1UL [ 6L; 4L; 5L; 6L ]
            let dy, dyCopy = sliced 2UL [ 6L; 4L; 5L; 6L ]

            let run (x: torch.Tensor) dy =
                use tape = new Tape(true, StepOptions.Default)
                let y = own.Forward(x, tape)
                let dx = nonNull (own.Backward(x, y, dy, tape))
                let gradients = [ for p in layer.parameters () -> (nonNull p.grad).clone () ]
                layer.zero_grad ()
                y :: dx :: gradients

            for found, expected in Seq.zip (run x dy) (run copy dyCopy) do
                same "output, or a gradient" found expected
        }

        for threads in [ 1; 2 ] do
            for kernel in [ 1L; 3L ] do
                test $"a convolution with kernel {kernel} of a slice, {threads} threads" {
                    use _ = torch.NewDisposeScope()
                    use _ = torch.no_grad ()
                    use _ = Threads.exactly threads
                    let layer = torch.nn.Conv3d(6L, 5L, kernel, dtype = torch.float64)
                    let own = ConvolutionAdjoint(layer, 3, kernel)
                    let x, copy = sliced 1UL [ 6L; 4L; 5L; 6L ]
                    let edge n = n - kernel + 1L
                    let dy, dyCopy = sliced 2UL [ 5L; edge 4L; edge 5L; edge 6L ]

                    let run (x: torch.Tensor) dy =
                        use tape = new Tape(true, StepOptions.Default)
                        let y = own.Forward(x, tape)
                        let dx = nonNull (own.Backward(x, dy, tape))
                        let gradients = [ for p in layer.parameters () -> (nonNull p.grad).clone () ]
                        layer.zero_grad ()
                        y :: dx :: gradients

                    for found, expected in Seq.zip (run x dy) (run copy dyCopy) do
                        same "output, or a gradient" found expected
                }
    ]
