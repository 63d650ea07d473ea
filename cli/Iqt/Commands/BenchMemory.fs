/// <c>iqt bench memory</c>: peak memory of a training step by depth and mode, each cell in a process of its own.
module Iqt.Cli.Commands.BenchMemory

open System
open System.Diagnostics
open System.Text.Json
open Argu
open Iqt.Cli
open Iqt.Cli.Commands.BenchOptions
open Iqt.Cli.Commands.BenchWays
open Iqt.Reversible
open Iqt.Reversible.Benchmarking
open Iqt.Reversible.Measurement
open TorchSharp

type Arguments =
    | [<MainCommand; ExactlyOnce>] Network of NET: string
    | Set of ``NAME=VALUES``: string
    | [<Unique>] Mode of MODES: string
    | [<Unique>] Update of PLACE: string
    | [<Unique>] Precision of TYPES: string
    | [<Unique; CustomCommandLine "--memory-budget">] Budget of BYTES: string
    | [<Unique>] Batch of N: int
    | [<Unique>] Size of VOXELS: int
    | [<Unique; CustomCommandLine "--warm-up">] WarmUp of STEPS: int
    | Plugin of DLL: string
    | [<Unique>] Format of Format
    | [<Unique; CustomCommandLine "--json">] AsJson
    | [<Hidden; Unique>] Cell

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Network _ -> Usage.network
            | Set _ -> Usage.set
            | Mode _ -> Usage.mode
            | Update _ -> Usage.update
            | Precision _ -> Usage.precision
            | Budget _ -> Usage.budget "measure"
            | Batch _ -> Usage.batch
            | Size _ -> Usage.size
            | WarmUp _ -> "steps before the measured one (default 2)."
            | Plugin _ -> Options.pluginUsage
            | Format _ -> Usage.format
            | AsJson -> Usage.json
            | Cell -> "measure in this process."

let examples = [
    "iqt bench memory espcn-rn --set Blocks=1,4,16,64 --mode single-graph,reversible"
    "iqt bench memory espcn-rn --set Blocks=4 --size 32 --batch 2 --format markdown"
]

type private Cell = {
    Settings: (string * int) list
    Way: Way
    Memory: StepMemory
}

let private measure (grid: Grid) (warmUp: int) =
    Natives.TorchNatives.EnsureLoaded()
    let meter = MemoryMeter.For torch.CPU

    use step =
        BenchWays.step grid.Network (dictionary grid.Settings.Head) grid.Batch grid.Size (List.last grid.Ways)

    StepMemory.Measure(step, warmUp, meter)

let private bytes (value: Nullable<int64>) =
    if value.HasValue then Json.integer value.Value else null

let private cellDocument (memory: StepMemory) =
    Json.object [
        "parameters", Json.integer memory.Parameters
        "peak", Json.integer memory.Peak
        "residentPeak", bytes memory.ResidentPeak
        "process", bytes memory.Process
    ]

let private optional (element: JsonElement) =
    if element.ValueKind = JsonValueKind.Null then
        Nullable()
    else
        Nullable(element.GetInt64())

/// This program once more, for one cell: its heap holds nothing of other cells, and freed memory goes back at once.
let private measureApart (streams: Streams) (grid: Grid) (warmUp: int) (settings: (string * int) list) (way: Way) =
    let arguments = [
        "bench"
        "memory"
        grid.Network.Name
        for name, value in settings do
            "--set"
            $"{name}={value}"
        "--mode"
        Options.modeName way.Mode
        "--update"
        updateName way.Update
        "--precision"
        precisionName way.Precision
        "--batch"
        string grid.Batch
        "--size"
        string grid.Size
        "--warm-up"
        string warmUp
        "--cell"
        for plugin in grid.Plugins do
            "--plugin"
            plugin
        match way.Budget with
        | Some bytes ->
            "--memory-budget"
            string (Iqt.Training.MemoryAmount bytes)
        | None -> ()
    ]

    let info =
        ProcessStartInfo("dotnet", RedirectStandardOutput = true, RedirectStandardError = true)

    for argument in typeof<Arguments>.Assembly.Location :: arguments do
        info.ArgumentList.Add argument

    info.Environment["MALLOC_MMAP_THRESHOLD_"] <- "65536"
    info.Environment["MALLOC_TRIM_THRESHOLD_"] <- "65536"

    use child =
        try
            nonNull (Process.Start info)
        with :? ComponentModel.Win32Exception as error ->
            raise (
                CellException(
                    ExitCode.Environment,
                    $"dotnet can't be started ({error.Message}); each cell is measured in a process of its own, by the runtime that it was expected to be. Put dotnet on the PATH."
                )
            )

    use _ =
        streams.Cancellation.Register(fun () ->
            if not child.HasExited then
                child.Kill true)

    let errors = child.StandardError.ReadToEndAsync()
    let output = child.StandardOutput.ReadToEnd()
    child.WaitForExit()
    streams.Cancellation.ThrowIfCancellationRequested()

    if child.ExitCode <> 0 then
        let message = errors.Result.Trim()

        let code, what =
            if message.StartsWith "iqt: " then
                child.ExitCode, message.Substring 5
            else
                // Ended by a signal, as a rule: the system does so where memory runs out.
                ExitCode.Environment,
                $"its process ended with code {child.ExitCode} and said '{message}'. Where that is 137, memory ran out: choose a smaller batch, size or depth."

        raise (
            CellException(
                code,
                $"{BenchTable.describe settings} in mode {Options.modeName way.Mode} could not be measured: {what}"
            )
        )

    use document = JsonDocument.Parse output
    let root = document.RootElement

    StepMemory(
        root.GetProperty("parameters").GetInt64(),
        root.GetProperty("peak").GetInt64(),
        optional (root.GetProperty "residentPeak"),
        optional (root.GetProperty "process")
    )

let private megabytes (value: int64) =
    TextTable.fixedPoint 1 (float value / 1e6)

let private optionalMegabytes (value: Nullable<int64>) =
    if value.HasValue then megabytes value.Value else "–"

let private columns =
    BenchTable.columns
    @ [
        "weights MB", TextTable.Right
        "step's peak MB", TextTable.Right
        "resident peak MB", TextTable.Right
        "process MB", TextTable.Right
    ]

let private row (cell: Cell) =
    BenchTable.cells cell.Settings cell.Way
    @ [
        megabytes cell.Memory.Parameters
        megabytes cell.Memory.Peak
        optionalMegabytes cell.Memory.ResidentPeak
        optionalMegabytes cell.Memory.Process
    ]

let private document (grid: Grid) machine (cells: Cell list) =
    Json.object (
        BenchTable.headMembers grid machine
        @ [
            "cells",
            cells
            |> List.map (fun cell ->
                Json.object (
                    BenchTable.members cell.Settings cell.Way
                    @ [ "bytes", cellDocument cell.Memory ]
                ))
            |> Json.list
        ]
    )

// What was measured before a cell failed took its time, and is worth printing.
let rec private untilFailure (measure: 'a -> Cell) (cells: 'a list) : Cell list * exn option =
    match cells with
    | [] -> [], None
    | first :: others ->
        match
            (try
                Ok(measure first)
             with :? CellException as error ->
                 Error error)
        with
        | Error error -> [], Some error
        | Ok cell ->
            let measured, failure = untilFailure measure others
            cell :: measured, failure

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let grid =
        grid
            streams
            (arguments.GetResults Plugin)
            (arguments.GetResult Network)
            (arguments.TryGetResult Batch)
            (arguments.TryGetResult Size)
            (arguments.GetResults Set)
            (arguments.TryGetResult Mode)
            (arguments.TryGetResult Update)
            (arguments.TryGetResult Precision)
            (arguments.TryGetResult Budget)

    let warmUp = Options.atLeast 1 "--warm-up" (arguments.GetResult(WarmUp, 2))

    if arguments.Contains Cell then
        let memory = measure grid warmUp
        streams.Result(true, (fun () -> cellDocument memory), ignore)
    else
        Natives.TorchNatives.EnsureLoaded()

        let measure (settings, way) =
            streams.Say(
                $"Measuring {wayName way}, update {updateName way.Update} {BenchTable.describe settings}".TrimEnd()
            )

            {
                Settings = settings
                Way = way
                Memory = measureApart streams grid warmUp settings way
            }

        let cells, failure = untilFailure measure (List.allPairs grid.Settings grid.Ways)

        let format = format (arguments.Contains AsJson) (arguments.TryGetResult Format)
        let machine = BenchmarkMachine.Here()

        let head =
            BenchTable.head grid machine
            @ [
                "step's peak: tensors above weights, optimiser state and data; resident peak: the same of the process; process: all of it"
            ]

        streams.Result(
            (format = Json),
            (fun () -> document grid machine cells),
            BenchTable.write format head columns (List.map row cells)
        )

        failure |> Option.iter raise

    ExitCode.Success
