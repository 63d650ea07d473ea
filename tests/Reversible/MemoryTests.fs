module Iqt.Tests.Reversible.MemoryTests

open System
open System.Diagnostics
open System.Globalization
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Reversible.Adjoints
open Iqt.Reversible.Measurement
open Iqt.Tests
open Iqt.Tests.Reversible.NetworkStep

/// The argument that makes the test program measure one step both ways, print the figures and end.
let measureArgument = "--measure-step"

/// Peak of one step above what was in use before it, at the paper's batch.
let private peakOfStep (meter: IMemoryMeter) (mode: BackpropagationMode) (blocks: int) =
    use network = new EspcnRn(blocks)
    use input = torch.zeros [| 12L; 6L; 11L; 11L; 11L |]

    let step () = step network mode input |> ignore
    step ()
    float (meter.PeakAbove(Action step)) / 1e6

/// Resident memory, then tensors, of one step of a single graph, in MB.
let measure () =
    for meter in [ ResidentMemory() :> IMemoryMeter; TensorMemory.Instance ] do
        printfn "%s" ((peakOfStep meter BackpropagationMode.SingleGraph 4).ToString CultureInfo.InvariantCulture)

/// In a process of its own, whose heap holds nothing of other tests and whose allocator gives large blocks back from
/// its first one on.
let private measuredInOwnProcess () =
    // The program itself, or dotnet with the program's path.
    let host = string Environment.ProcessPath

    let arguments = [
        if IO.Path.GetFileNameWithoutExtension host = "dotnet" then
            Reflection.Assembly.GetExecutingAssembly().Location
        measureArgument
    ]

    let start = ProcessStartInfo(host, arguments)

    start.RedirectStandardOutput <- true
    start.Environment["MALLOC_MMAP_THRESHOLD_"] <- "65536"
    start.Environment["MALLOC_TRIM_THRESHOLD_"] <- "65536"
    use child = nonNull (Process.Start start)
    let output = child.StandardOutput.ReadToEnd()
    child.WaitForExit()
    Expect.equal child.ExitCode 0 "measuring a step"

    match output.Split('\n', StringSplitOptions.RemoveEmptyEntries) with
    | [| resident; tensors |] ->
        Double.Parse(resident, CultureInfo.InvariantCulture), Double.Parse(tensors, CultureInfo.InvariantCulture)
    | _ -> failtest $"two figures are expected, and the output was '{output}'"

[<Tests>]
let tests =
    testSequenced
    <| testList "reversible/memory" [
        test "tensors are counted to the byte" {
            let meter = TensorMemory.Instance

            let peak =
                meter.PeakAbove(fun () ->
                    use a = torch.empty [| 1000L; 1000L |]
                    use b = torch.empty ([| 333L |], dtype = torch.float64)
                    a.Dispose()
                    use c = torch.empty [| 77777L |]
                    ())

            Expect.equal peak (4_000_000L + 8L * 333L) "both tensors, and not the third beside the first"
        }

        test "tensors of the engine's own threads are counted, and all memory comes back" {
            let meter = TensorMemory.Instance

            let step () =
                peakOfStep meter BackpropagationMode.SingleGraph 1 |> ignore
                LiveTensors.settled () |> ignore
                meter.LiveBytes

            let before = step ()
            Expect.equal (step ()) before "bytes after a step whose network is disposed"
        }

        test "the peak of a step grows with depth in one graph and not in mode Reversible" {
            let grows mode =
                peakOfStep TensorMemory.Instance mode 16
                - peakOfStep TensorMemory.Instance mode 1

            // The gradients of 15 more blocks in each of three stacks take 11 MB; their activations about 500.
            Expect.isGreaterThan (grows BackpropagationMode.SingleGraph) 300.0 "single graph, MB from 1 to 16 blocks"
            Expect.isLessThan (grows BackpropagationMode.Reversible) 30.0 "reversible, MB from 1 to 16 blocks"
        }

        test "the peak of an inversion does not grow with depth" {
            let peak (blocks: int) =
                use network = new EspcnRn(blocks)
                use output = torch.zeros [| 12L; 50L; 9L; 9L; 9L |]

                let invert () =
                    network.InvertSegment("Stack2", output).Dispose()

                invert ()
                float (TensorMemory.Instance.PeakAbove(Action invert)) / 1e6

            Expect.isLessThan (peak 8 - peak 1) 0.1 "MB from 1 to 8 blocks"
        }

        for mode in segmentModes do
            test $"{mode}: caches that are retained hold no more behind a backward pass than before it" {
                use network = new EspcnRn(4)
                use input = torch.zeros [| 4L; 6L; 11L; 11L; 11L |]
                step network mode input |> ignore // gradients and libtorch's own tensors are there
                use pass = network.Run(input, mode)
                use gradient = torch.ones_like pass.Output
                let before = TensorMemory.Instance.LiveBytes
                pass.Backward(gradient, retainCaches = true) |> ignore
                Expect.isLessThanOrEqual TensorMemory.Instance.LiveBytes before "bytes"
            }

        test "recomputed stacks have no use for caches of every k-th block" {
            let peak cacheEvery =
                use network = new EspcnRn(6)
                use input = torch.zeros [| 4L; 6L; 11L; 11L; 11L |]
                let options = StepOptions(CacheEvery = cacheEvery)

                let step () =
                    network.zero_grad ()

                    network
                        .Backpropagate(input, BackpropagationMode.Checkpointed, Func<_, _> squares, options)
                        .Dispose()

                step ()
                TensorMemory.Instance.PeakAbove(Action step)

            Expect.equal (peak 1) (peak 0) "bytes at most"
        }

        test "resident memory and counted tensors agree" {
            // oneDNN's scratch memory, which only the first sees, is below a tenth of a single graph's activations.
            let resident, tensors = measuredInOwnProcess ()
            Expect.isTrue (abs (resident - tensors) < 0.1 * tensors) $"resident {resident} MB, tensors {tensors} MB"
        }

        test "memory that nothing here can measure is refused" {
            Expect.throwsT<PlatformNotSupportedException>
                (fun () -> MemoryMeter.For torch.META |> ignore)
                "tensors without memory"
        }
    ]
