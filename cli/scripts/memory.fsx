// Memory of one training step against depth (the paper's Fig. 6 asks the same of a whole process): the peak of all
// tensors above what was in use before the step, batch 12 of 6×11³, float32; gradient buffers were made by the step
// before. Build first, then
//     dotnet fsi cli/scripts/memory.fsx
#I "../Iqt/bin/Release/net10.0"
#r "TorchSharp.dll"
#r "Iqt.Reversible.dll"
#r "Iqt.Models.dll"

open System
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Reversible.Measurement

let squares (output: torch.Tensor) =
    use square = output.square ()
    square.mean ()

Natives.TorchNatives.EnsureLoaded()
let meter = MemoryMeter.For torch.CPU

let megabytes mode blocks =
    use network = new EspcnRn(blocks)
    use input = torch.zeros [| 12L; 6L; 11L; 11L; 11L |]

    let step () =
        network.zero_grad ()
        network.Backpropagate(input, mode, Func<_, _> squares).Dispose()

    step ()
    float (meter.PeakAbove(Action step)) / 1e6

let modes = Enum.GetValues<BackpropagationMode>()
printfn "blocks  %s" (modes |> Seq.map (fun mode -> $"{mode, 14}") |> String.concat "")

for blocks in [ 1; 4; 16 ] do
    let cells = modes |> Seq.map (fun mode -> $"%11.1f{megabytes mode blocks} MB")
    printfn "%6d  %s" blocks (String.concat "" cells)
