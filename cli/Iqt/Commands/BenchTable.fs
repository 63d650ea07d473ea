/// The results of the benchmarks as tables, Markdown and JSON: the head, and what every row begins with.
module Iqt.Cli.Commands.BenchTable

open System.IO
open Iqt.Cli
open Iqt.Cli.Commands.BenchOptions
open Iqt.Cli.Commands.BenchWays
open Iqt.Reversible.Benchmarking

/// Settings as text.
let describe (settings: (string * int) list) =
    settings
    |> List.map (fun (name, value) -> $"{name}={value}")
    |> String.concat " "

/// The machine and the step, one line each.
let head (grid: Grid) (machine: BenchmarkMachine) = [
    $"{grid.Network.Name}, batch {grid.Batch}, edge {grid.Size} voxels; forward, mean squared error, backward, Adam"
    $"{machine.Processor}, {machine.Cores} cores, {machine.Threads} threads; TorchSharp {machine.TorchSharp}, {machine.Runtime}, {machine.System}"
]

/// The head as members of a JSON document.
let headMembers (grid: Grid) (machine: BenchmarkMachine) = [
    "network", Json.text grid.Network.Name
    "batch", Json.integer grid.Batch
    "size", Json.integer grid.Size
    "machine",
    Json.object [
        "processor", Json.text machine.Processor
        "cores", Json.integer machine.Cores
        "threads", Json.integer machine.Threads
        "system", Json.text machine.System
        "torchSharp", Json.text machine.TorchSharp
        "runtime", Json.text machine.Runtime
    ]
]

/// The columns that every row begins with.
let columns = [ "settings", TextTable.Left; "mode", TextTable.Left; "update", TextTable.Left ]

/// The cells of these columns.
let cells (settings: (string * int) list) (way: Way) = [ describe settings; wayName way; updateName way.Update ]

/// The same as members of a JSON object.
let members (settings: (string * int) list) (way: Way) = [
    "settings", Json.object (settings |> List.map (fun (name, value) -> name, Json.integer value))
    "mode", Json.text (Options.modeName way.Mode)
    "precision", Json.text (precisionName way.Precision)
    "update", Json.text (updateName way.Update)
    "budget", way.Budget |> Option.map Json.integer |> Option.defaultValue null
]

/// Head and rows, as plain text or as Markdown.
let write (format: Format) (head: string list) columns (rows: string list list) (writer: TextWriter) =
    for line in head do
        writer.WriteLine line

    writer.WriteLine()

    match format with
    | Markdown ->
        let line (cells: string list) =
            writer.WriteLine("| " + String.concat " | " cells + " |")

        line (List.map fst columns)

        line (
            columns
            |> List.map (fun (_, alignment) -> if alignment = TextTable.Right then "---:" else "---")
        )

        List.iter line rows
    | _ -> TextTable.write columns rows writer
