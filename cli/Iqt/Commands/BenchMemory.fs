/// <c>iqt bench memory</c>: peak memory of a training step by depth and mode, each cell in a process of its own.
module Iqt.Cli.Commands.BenchMemory

open System
open System.Diagnostics
open System.Text.Json
open Argu
open Iqt.Cli
open Iqt.Cli.Commands.BenchGrid
open Iqt.Reversible
open Iqt.Reversible.Benchmarking
open Iqt.Reversible.Measurement
open TorchSharp

type Arguments =
    | [<MainCommand; ExactlyOnce>] Network of NET: string
    | Set of NAME_VALUES: string
    | [<Unique>] Mode of MODES: string
    | [<Unique>] Update of PLACE: string
    | [<Unique>] Precision of TYPES: string
    | [<Unique; CustomCommandLine "--memory-budget">] Budget of BYTES: string
    | [<Unique>] Batch of N: int
    | [<Unique>] Size of VOXELS: int
    | [<Unique; CustomCommandLine "--warm-up">] WarmUp of STEPS: int
    | [<Unique>] Format of Format
    | [<Unique; CustomCommandLine "--json">] AsJson
    | [<Hidden; Unique>] Cell

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Network _ -> "name of a declared network (see iqt networks)."
            | Set _ -> "values of a hyperparameter, for example --set Blocks=1,4,16; may be repeated."
            | Mode _ -> "single-graph, stored, checkpointed, reversible, several with commas (default all)."
            | Update _ ->
                "where parameters are updated: behind the backward pass, fused with it block by block, or both (default)."
            | Precision _ -> "of the convolutions: float32 (default), bfloat16, or both with a comma."
            | Budget _ ->
                "also measure mode reversible keeping activations within these bounds, for example 60MB,100MB; above weights and optimiser state."
            | Batch _ -> "examples in a batch (default 12)."
            | Size _ -> "edge of the inputs in voxels (default 11)."
            | WarmUp _ -> "steps before the measured one (default 2)."
            | Format _ -> "a table (default), JSON or Markdown."
            | AsJson -> "the same as --format json."
            | Cell -> "measure in this process."

let examples = [
    "iqt bench memory espcn-rn --set Blocks=1,4,16,64 --mode single-graph,reversible"
    "iqt bench memory espcn-rn --set Blocks=4 --size 32 --batch 2 --format markdown"
]

/// What a step is measured with.
type private Setting = {
    Network: string
    Batch: int
    Size: int
    WarmUp: int
}

type private Cell = {
    Settings: (string * int) list
    Way: Way
    Memory: StepMemory
}

let private measure (setting: Setting) (settings: (string * int) list) (way: Way) =
    Natives.TorchNatives.EnsureLoaded()
    let meter = MemoryMeter.For torch.CPU

    use step =
        BenchGrid.step (Options.catalog().Find setting.Network) (dictionary settings) setting.Batch setting.Size way

    StepMemory.Measure(step, setting.WarmUp, meter)

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
let private measureApart (streams: Streams) (setting: Setting) (settings: (string * int) list) (way: Way) =
    let arguments = [
        "bench"
        "memory"
        setting.Network
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
        string setting.Batch
        "--size"
        string setting.Size
        "--warm-up"
        string setting.WarmUp
        "--cell"
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
    use child = nonNull (Process.Start info)
    use _ = streams.Cancellation.Register(fun () -> child.Kill true)
    let errors = child.StandardError.ReadToEndAsync()
    let output = child.StandardOutput.ReadToEnd()
    child.WaitForExit()
    streams.Cancellation.ThrowIfCancellationRequested()

    if child.ExitCode <> 0 then
        let message = errors.Result.Trim()

        let what =
            if message.StartsWith "iqt: " then
                message.Substring 5
            else
                message

        raise (
            UsageException
                $"{describe settings} in mode {Options.modeName way.Mode} could not be measured (exit code {child.ExitCode}): {what}"
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

let private columns = [
    "settings", TextTable.Left
    "mode", TextTable.Left
    "update", TextTable.Left
    "weights MB", TextTable.Right
    "step's peak MB", TextTable.Right
    "resident peak MB", TextTable.Right
    "process MB", TextTable.Right
]

let private row (cell: Cell) = [
    describe cell.Settings
    wayName cell.Way
    updateName cell.Way.Update
    megabytes cell.Memory.Parameters
    megabytes cell.Memory.Peak
    optionalMegabytes cell.Memory.ResidentPeak
    optionalMegabytes cell.Memory.Process
]

let private document (setting: Setting) machine (cells: Cell list) =
    Json.object (
        headMembers setting.Network setting.Batch setting.Size machine
        @ [
            "cells",
            cells
            |> List.map (fun cell ->
                Json.object [
                    "settings", Json.object (cell.Settings |> List.map (fun (name, value) -> name, Json.integer value))
                    "mode", Json.text (Options.modeName cell.Way.Mode)
                    "precision", Json.text (precisionName cell.Way.Precision)
                    "update", Json.text (updateName cell.Way.Update)
                    "budget", cell.Way.Budget |> Option.map Json.integer |> Option.defaultValue null
                    "bytes", cellDocument cell.Memory
                ])
            |> Json.list
        ]
    )

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let setting = {
        Network = (Options.catalog().Find(arguments.GetResult Network)).Name
        Batch = Options.atLeast 1 "--batch" (arguments.GetResult(Batch, 12))
        Size = Options.atLeast 1 "--size" (arguments.GetResult(Size, 11))
        WarmUp = Options.atLeast 1 "--warm-up" (arguments.GetResult(WarmUp, 2))
    }

    let settings = combinations (arguments.GetResults Set)

    let ways =
        ways
            (modes (arguments.TryGetResult Mode))
            (updates (arguments.TryGetResult Update))
            (precisions (arguments.TryGetResult Precision))
            (budgets (arguments.TryGetResult Budget))

    if arguments.Contains Cell then
        let memory = measure setting settings.Head (List.last ways)
        streams.Result(true, (fun () -> cellDocument memory), ignore)
    else
        Natives.TorchNatives.EnsureLoaded()

        let cells = [
            for settings in settings do
                for way in ways do
                    streams.Say $"iqt: {describe settings} {wayName way}, update {updateName way.Update}"

                    {
                        Settings = settings
                        Way = way
                        Memory = measureApart streams setting settings way
                    }
        ]

        let format =
            if arguments.Contains AsJson then
                Json
            else
                arguments.GetResult(Format, Table)

        let machine = BenchmarkMachine.Here()

        let head =
            head setting.Network setting.Batch setting.Size machine
            @ [
                "step's peak: tensors above weights, optimiser state and data; resident peak: the same of the process; process: all of it"
            ]

        streams.Result(
            (format = Json),
            (fun () -> document setting machine cells),
            write format head columns (List.map row cells)
        )

    ExitCode.Success
