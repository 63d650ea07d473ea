// Draws a step's peak memory against depth, of a measurement that iqt bench memory wrote, and prints its rows as Markdown:
//     iqt bench memory espcn-rn --set Blocks=1,4,16,64 --json > docs/pictures/memory.json
//     dotnet fsi cli/scripts/memory.fsx docs/pictures/memory.json docs/pictures/memory.svg    (after dotnet build -c Release)
#I "../Iqt/bin/Release/net10.0"
#r "Iqt.Experiments.dll"

open System.IO
open Iqt.Experiments.Reports

match fsi.CommandLineArgs with
| [| _; measurement; picture |] ->
    let measured = MemoryChart.read measurement
    File.WriteAllText(picture, MemoryChart.draw measured)
    MemoryChart.rows measured |> List.iter (printfn "%s")
| _ ->
    eprintfn "dotnet fsi cli/scripts/memory.fsx MEASUREMENT.json PICTURE.svg"
    exit 2
