module Iqt.Tests.Reversible.MemoryTests

open System
open System.Diagnostics
open System.Globalization
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible

/// The argument that makes the test program measure one step, print the figure and end.
let measureArgument = "--measure-step"

/// Peak of resident memory of one step above what was in use before it, in MB, at the paper's batch.
let measure (mode: string) (blocks: string) =
    use network = new EspcnRn(int blocks)
    use input = torch.zeros [| 12L; 6L; 11L; 11L; 11L |]

    let squares (output: torch.Tensor) =
        use square = output.square ()
        square.mean ()

    let step () =
        network.zero_grad ()
        network.Backpropagate(input, Enum.Parse mode, Func<_, _> squares).Dispose()

    step ()
    printfn "%s" ((float (PeakMemory.Measure(Action step)) / 1e6).ToString CultureInfo.InvariantCulture)

/// In a process of its own, whose heap holds nothing of other tests and whose allocator gives large blocks back from
/// its first one on.
let private peakOfStep (mode: BackpropagationMode) (blocks: int) =
    let start =
        ProcessStartInfo(string Environment.ProcessPath, [ measureArgument; string mode; string blocks ])

    start.RedirectStandardOutput <- true
    start.Environment["MALLOC_MMAP_THRESHOLD_"] <- "65536"
    start.Environment["MALLOC_TRIM_THRESHOLD_"] <- "65536"
    use child = nonNull (Process.Start start)
    let output = child.StandardOutput.ReadToEnd()
    child.WaitForExit()
    Expect.equal child.ExitCode 0 $"measuring {mode} at {blocks} blocks"
    Double.Parse(output, CultureInfo.InvariantCulture)

[<Tests>]
let tests =
    // The gradients of 15 more blocks in each of three stacks take 11 MB; their activations about 500.
    testSequenced
    <| testList "reversible/memory" [
        test "of a step grows with depth in one graph and not in mode Reversible" {
            let grows mode = peakOfStep mode 16 - peakOfStep mode 1

            Expect.isGreaterThan (grows BackpropagationMode.SingleGraph) 300.0 "single graph, MB from 1 to 16 blocks"
            Expect.isLessThan (grows BackpropagationMode.Reversible) 30.0 "reversible, MB from 1 to 16 blocks"
        }
    ]
