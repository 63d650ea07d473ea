/// <c>iqt bench memory</c>: peak memory of a training step by depth and mode, each cell in a process of its own.
module Iqt.Cli.Commands.BenchMemory

open System
open Argu
open Iqt.Cli
open Iqt.Cli.Commands.BenchOptions
open Iqt.Cli.Commands.BenchWays
open Iqt.Reversible
open Iqt.Reversible.Benchmarking

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
                    @ [ "bytes", BenchCell.document cell.Memory ]
                ))
            |> Json.list
        ]
    )

// What was measured before a cell failed took its time, and is worth printing.
let private untilFailure (measure: 'a -> Cell) (cells: 'a list) : Cell list * exn option =
    let measured = ResizeArray()

    let failure =
        try
            for cell in cells do
                measured.Add(measure cell)

            None
        with :? CellException as error ->
            Some(error :> exn)

    List.ofSeq measured, failure

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
        let memory = BenchCell.measure grid warmUp
        streams.Result(true, (fun () -> BenchCell.document memory), ignore)
    else
        Natives.TorchNatives.EnsureLoaded()

        let measure (settings, way) =
            streams.Say(
                $"Measuring {wayName way}, update {updateName way.Update} {BenchTable.describe settings}".TrimEnd()
            )

            {
                Settings = settings
                Way = way
                Memory = BenchCell.measureApart streams grid warmUp settings way
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
