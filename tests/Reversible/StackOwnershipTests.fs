/// Who frees what in a chain of stacks and layers: live tensors, exceptions, a busy collector.
module Iqt.Tests.Reversible.StackOwnershipTests

open System
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Reversible.Adjoints
open Iqt.Tests
open Iqt.Tests.Reversible.NetworkStep

[<Tests>]
let ownership =
    // The count of live tensors is the whole process's: nothing else may run beside.
    testSequenced
    <| testList "reversible/ownership" [
        test "the number of live tensors is the same after every step, whatever is done with the output" {
            use network = new EspcnRn(2)
            use input = Noise.single 10UL [| 1L; 6L; 7L; 7L; 7L |]

            for mode in Enum.GetValues<BackpropagationMode>() do
                step network mode input |> ignore
                let before = LiveTensors.settled ()

                for _ in 1..3 do
                    step network mode input |> ignore
                    network.Run(input, mode).Dispose()

                Expect.equal torch.Tensor.TotalCount before $"{mode}: no tensor waits for the collector"
        }

        for mode in Enum.GetValues<BackpropagationMode>() do
            test $"{mode}: no tensor is left over in a thousand steps" {
                use network = new EspcnRn(1)
                use input = Noise.single 12UL [| 1L; 6L; 5L; 5L; 5L |]
                step network mode input |> ignore
                let before = LiveTensors.settled ()

                for i in 1..1000 do
                    step network mode input |> ignore
                    Expect.equal torch.Tensor.TotalCount before $"after step {i}"
            }

        test "steps survive a collector that runs all the time" {
            // a.add(b) and the like make a Scalar that may be finalised during the native call
            use network = new EspcnRn(1)
            use input = Noise.single 13UL [| 1L; 6L; 7L; 7L; 7L |]
            use stop = new Threading.CancellationTokenSource()

            let collector =
                Threading.Thread(fun () ->
                    while not stop.IsCancellationRequested do
                        GC.Collect()
                        GC.WaitForPendingFinalizers())

            collector.Start()

            try
                for i in 1..300 do
                    let mode = segmentModes[i % segmentModes.Length]
                    Expect.isTrue (Single.IsFinite(step network mode input)) $"loss of step {i}"
            finally
                stop.Cancel()
                collector.Join()
        }

        for mode in segmentModes do
            test $"{mode}: an exception in the middle of a stack's backward pass frees everything" {
                use network = new EspcnRn(3)
                use input = Noise.single 14UL [| 1L; 6L; 7L; 7L; 7L |]
                let mutable complete = 0

                let options =
                    StepOptions(
                        CacheEvery = 2,
                        GradientsComplete =
                            Action<_>(fun _ ->
                                complete <- complete + 1

                                if complete = 3 then
                                    failwith "stop")
                    )

                let before = LiveTensors.settled ()

                Expect.throwsC
                    (fun () -> network.Backpropagate(input, mode, Func<_, _> squares, options).Dispose())
                    (fun e -> Expect.stringContains e.Message "stop" "the caller's own exception")

                for p in network.parameters () do
                    match p.grad with
                    | null -> ()
                    | gradient ->
                        p.grad <- null
                        gradient.Dispose()

                Expect.equal torch.Tensor.TotalCount before "live tensors"
            }

        test "an exception in the middle of the forward pass frees everything" {
            use network = new EspcnRn(2)
            // A parameter of another type makes Layer2's convolution throw, after Stack1 and Layer1 ran.
            use input = Noise.single 11UL [| 1L; 6L; 7L; 7L; 7L |]

            let second =
                network.named_modules ()
                |> Seq.pick (fun struct (name, m) -> if name = "layer2.conv" then Some m else None)

            second.``to`` (torch.float64) |> ignore
            let before = LiveTensors.settled ()

            // With one thread the convolution is a product of matrices (ConvolutionAdjoint).
            for threads in [ 1; 2 ] do
                use _ = Threads.exactly threads

                for mode in segmentModes do
                    let error = Expect.throwsC (fun () -> network.Run(input, mode).Dispose()) id

                    Expect.isTrue (error :? SegmentException) $"mixed types, %A{mode}, {threads} threads: {error}"
                    Expect.stringStarts error.Message "Segment Layer2 (Conv3d 50→100" "which segment, and its layers"

            Expect.equal torch.Tensor.TotalCount before "live tensors"
        }
    ]
