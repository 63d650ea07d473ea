/// <c>iqt bench speed</c>: time of a training step by depth and mode, the modes taken in turns in one process.
module Iqt.Cli.Commands.BenchSpeed

open System
open Argu
open Iqt.Cli
open Iqt.Cli.Commands.BenchGrid
open Iqt.Reversible
open Iqt.Reversible.Benchmarking
open Iqt.Training

type Arguments =
    | [<MainCommand; ExactlyOnce>] Network of NET: string
    | Set of NAME_VALUES: string
    | [<Unique>] Mode of MODES: string
    | [<Unique>] Update of PLACE: string
    | [<Unique>] Precision of TYPES: string
    | [<Unique; CustomCommandLine "--memory-budget">] Budget of BYTES: string
    | [<Unique>] Batch of N: int
    | [<Unique>] Size of VOXELS: int
    | [<Unique; CustomCommandLine "--warm-up">] WarmUp of ROUNDS: int
    | [<Unique>] Rounds of N: int
    | [<Unique>] Format of Format
    | [<Unique; CustomCommandLine "--json">] AsJson

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
                "also time mode reversible keeping activations within these bounds, for example 60MB,100MB; above weights and optimiser state."
            | Batch _ -> "examples in a batch (default 12)."
            | Size _ -> "edge of the inputs in voxels (default 11)."
            | WarmUp _ -> "rounds that are not counted (default 3)."
            | Rounds _ -> "rounds that are (default 9)."
            | Format _ -> "a table (default), JSON or Markdown."
            | AsJson -> "the same as --format json."

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

let private measure declaration batch size warmUp rounds (ways: Way list) (settings: (string * int) list) =
    let ways = ordinary :: ways

    let steps =
        ways |> List.map (BenchGrid.step declaration (dictionary settings) batch size)

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

let private columns = [
    "settings", TextTable.Left
    "mode", TextTable.Left
    "update", TextTable.Left
    "median ms", TextTable.Right
    "least ms", TextTable.Right
    "of ordinary", TextTable.Right
]

let private row (row: Row) = [
    describe row.Settings
    wayName row.Way
    updateName row.Way.Update
    TextTable.fixedPoint 1 row.Median
    TextTable.fixedPoint 1 row.Least
    TextTable.fixedPoint 3 row.Ratio
]

let private document network batch size machine rounds (rows: Row list) =
    Json.object (
        headMembers network batch size machine
        @ [
            "rounds", Json.integer rounds
            "rows",
            rows
            |> List.map (fun row ->
                Json.object [
                    "settings", Json.object (row.Settings |> List.map (fun (name, value) -> name, Json.integer value))
                    "mode", Json.text (Options.modeName row.Way.Mode)
                    "precision", Json.text (precisionName row.Way.Precision)
                    "update", Json.text (updateName row.Way.Update)
                    "budget", row.Way.Budget |> Option.map Json.integer |> Option.defaultValue null
                    "medianMilliseconds", Json.number row.Median
                    "leastMilliseconds", Json.number row.Least
                    "ofOrdinary", Json.number row.Ratio
                ])
            |> Json.list
        ]
    )

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let declaration = Options.catalog().Find(arguments.GetResult Network)
    let batch = Options.atLeast 1 "--batch" (arguments.GetResult(Batch, 12))
    let size = Options.atLeast 1 "--size" (arguments.GetResult(Size, 11))
    let warmUp = Options.atLeast 0 "--warm-up" (arguments.GetResult(WarmUp, 3))
    let rounds = Options.atLeast 1 "--rounds" (arguments.GetResult(Rounds, 9))
    let settings = combinations (arguments.GetResults Set)

    let ways =
        ways
            (modes (arguments.TryGetResult Mode))
            (updates (arguments.TryGetResult Update))
            (precisions (arguments.TryGetResult Precision))
            (budgets (arguments.TryGetResult Budget))

    Natives.TorchNatives.EnsureLoaded()

    let rows =
        settings
        |> List.collect (fun settings ->
            streams.Cancellation.ThrowIfCancellationRequested()
            streams.Say $"iqt: {describe settings}"
            measure declaration batch size warmUp rounds ways settings)

    let format =
        if arguments.Contains AsJson then
            Json
        else
            arguments.GetResult(Format, Table)

    let machine = BenchmarkMachine.Here()

    let head =
        head declaration.Name batch size machine
        @ [
            $"medians of {rounds} rounds, the rows of one setting in turns; ordinary: one autograd graph and TorchSharp's Adam"
        ]

    streams.Result(
        (format = Json),
        (fun () -> document declaration.Name batch size machine rounds rows),
        write format head columns (List.map row rows)
    )

    ExitCode.Success
