/// <c>iqt bench speed</c>: time of a training step by depth and mode, the modes taken in turns in one process.
module Iqt.Cli.Commands.BenchSpeed

open Argu
open Iqt.Cli
open Iqt.Cli.Commands.BenchOptions
open Iqt.Cli.Commands.BenchWays
open Iqt.Reversible
open Iqt.Reversible.Benchmarking
open Iqt.Training

type Arguments =
    | [<MainCommand; ExactlyOnce>] Network of NET: string
    | Set of ``NAME=VALUES``: string
    | [<Unique>] Mode of MODES: string
    | [<Unique>] Update of PLACE: string
    | [<Unique>] Precision of TYPES: string
    | [<Unique; CustomCommandLine "--memory-budget">] Budget of BYTES: string
    | [<Unique>] Batch of N: int
    | [<Unique>] Size of VOXELS: int
    | [<Unique; CustomCommandLine "--warm-up">] WarmUp of ROUNDS: int
    | [<Unique>] Rounds of N: int
    | Plugin of DLL: string
    | [<Unique>] Format of Format
    | [<Unique; CustomCommandLine "--json">] AsJson

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Network _ -> Usage.network
            | Set _ -> Usage.set
            | Mode _ -> Usage.mode
            | Update _ -> Usage.update
            | Precision _ -> Usage.precision
            | Budget _ -> Usage.budget "time"
            | Batch _ -> Usage.batch
            | Size _ -> Usage.size
            | WarmUp _ -> "rounds that are not counted (default 3)."
            | Rounds _ -> "rounds that are (default 9)."
            | Plugin _ -> Options.pluginUsage
            | Format _ -> Usage.format
            | AsJson -> Usage.json

let examples = [
    "iqt bench speed espcn-rn --set Blocks=4"
    "iqt bench speed espcn-rn --set Blocks=4 --mode reversible --precision float32,bfloat16"
    "iqt bench speed espcn-rn --set Blocks=4,16 --mode stored,reversible --update fused --format markdown"
]

type private Row = {
    Settings: (string * int) list
    Way: Way
    Median: float
    Least: float
    Ratio: float
}

/// What the times are compared with: the network as one autograd graph, with TorchSharp's Adam.
let private ordinary = {
    Mode = BackpropagationMode.SingleGraph
    Update = UpdatePlace.Ordinary
    Precision = ConvolutionPrecision.F32
    Budget = None
}

let private measure (grid: Grid) warmUp rounds (settings: (string * int) list) =
    let ways = ordinary :: grid.Ways

    let steps =
        ways
        |> List.map (BenchWays.step grid.Network (dictionary settings) grid.Batch grid.Size)

    try
        let times = StepTimes.Measure(List.toArray steps, warmUp, rounds)

        ways
        |> List.mapi (fun i way -> {
            Settings = settings
            Way = way
            Median = times.Median i
            Least = times.Least i
            Ratio = times.Median i / times.Median 0
        })
    finally
        for step in steps do
            step.Dispose()

let private columns =
    BenchTable.columns
    @ [
        "median ms", TextTable.Right
        "least ms", TextTable.Right
        "of ordinary", TextTable.Right
    ]

let private row (row: Row) =
    BenchTable.cells row.Settings row.Way
    @ [
        TextTable.fixedPoint 1 row.Median
        TextTable.fixedPoint 1 row.Least
        TextTable.fixedPoint 3 row.Ratio
    ]

let private document (grid: Grid) machine rounds (rows: Row list) =
    Json.object (
        BenchTable.headMembers grid machine
        @ [
            "rounds", Json.integer rounds
            "rows",
            rows
            |> List.map (fun row ->
                Json.object (
                    BenchTable.members row.Settings row.Way
                    @ [
                        "medianMilliseconds", Json.number row.Median
                        "leastMilliseconds", Json.number row.Least
                        "ofOrdinary", Json.number row.Ratio
                    ]
                ))
            |> Json.list
        ]
    )

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

    let warmUp = Options.atLeast 0 "--warm-up" (arguments.GetResult(WarmUp, 3))
    let rounds = Options.atLeast 1 "--rounds" (arguments.GetResult(Rounds, 9))
    Natives.TorchNatives.EnsureLoaded()

    let rows =
        grid.Settings
        |> List.collect (fun settings ->
            streams.Cancellation.ThrowIfCancellationRequested()
            streams.Say($"Measuring {grid.Network.Name} {BenchTable.describe settings}".TrimEnd())
            measure grid warmUp rounds settings)

    let format = format (arguments.Contains AsJson) (arguments.TryGetResult Format)
    let machine = BenchmarkMachine.Here()

    let head =
        BenchTable.head grid machine
        @ [
            $"medians of {rounds} rounds, the rows of one setting in turns; ordinary: one autograd graph and TorchSharp's Adam"
        ]

    streams.Result(
        (format = Json),
        (fun () -> document grid machine rounds rows),
        BenchTable.write format head columns (List.map row rows)
    )

    ExitCode.Success
