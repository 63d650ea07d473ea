/// One cell of <c>iqt bench memory</c>: measured in this process, or in one of its own.
module Iqt.Cli.Commands.BenchCell

open System
open System.Diagnostics
open System.Text.Json
open Iqt.Cli
open Iqt.Cli.Commands.BenchOptions
open Iqt.Cli.Commands.BenchWays
open Iqt.Reversible
open Iqt.Reversible.Benchmarking
open Iqt.Reversible.Measurement
open TorchSharp

/// Measures the grid's only cell in this process.
let measure (grid: Grid) (warmUp: int) =
    Natives.TorchNatives.EnsureLoaded()
    let meter = MemoryMeter.For torch.CPU

    use step =
        BenchWays.step grid.Network (dictionary grid.Settings.Head) grid.Batch grid.Size (List.last grid.Ways)

    StepMemory.Measure(step, warmUp, meter)

let private bytes (value: Nullable<int64>) =
    if value.HasValue then Json.integer value.Value else null

/// What a process that measures a cell prints.
let document (memory: StepMemory) =
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
let measureApart (streams: Streams) (grid: Grid) (warmUp: int) (settings: (string * int) list) (way: Way) =
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

    for argument in Reflection.Assembly.GetExecutingAssembly().Location :: arguments do
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
