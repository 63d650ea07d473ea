/// <c>iqt check</c>: whether a network's generated code computes what one autograd graph computes.
module Iqt.Cli.Commands.Check

open System
open Argu
open Iqt.Cli
open Iqt.Reversible
open Iqt.Reversible.Adjoints
open TorchSharp

type DataType =
    | Float32
    | Float64

type Arguments =
    | [<MainCommand; ExactlyOnce>] Network of NET: string
    | Set of ``NAME=VALUE``: string
    | [<Unique>] Depths of ``N,N,N``: string
    | [<Unique>] Stream of DataType
    | [<Unique>] Dtype of DataType
    | [<Unique>] Device of DEVICE: string
    | [<Unique>] Seed of N: uint64
    | Plugin of DLL: string
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Network _ -> "name of a declared network (see iqt networks)."
            | Set _ -> "a hyperparameter, for example --set Blocks=4; may be repeated."
            | Depths _ ->
                "what rounding does in stacks of these many blocks, for example 4,32,250: reconstruction and gradients of each. The network's hyperparameter Blocks says how many."
            | Stream _ -> "with --depths: type of the residual stream (default: chosen by depth, as in training)."
            | Dtype _ ->
                "float64 judges the code (default), float32 shows the drift of rounding (default with --depths)."
            | Device _ -> "cpu (default), cuda or cuda:N."
            | Seed _ -> "seed of the parameters and the data (default 0)."
            | Plugin _ -> Options.pluginUsage
            | Json -> "print one JSON document."

let examples = [
    "iqt check espcn-rn --set Blocks=4"
    "iqt check espcn-rn --dtype float32"
    "iqt check espcn-rn --depths 4,32,250"
]

let private streamName (result: CheckResult) =
    result.Stream
    |> Option.ofNullable
    |> Option.map (fun stream -> stream.ToString().ToLowerInvariant())

let private document (results: CheckResult list) =
    Json.object [
        "holds", Json.flag (results |> List.forall _.Holds)
        "checks",
        results
        |> List.map (fun result ->
            Json.object [
                "property", Json.text result.Property
                "subject", Json.text result.Subject
                "error", Json.number result.Error

                match streamName result with
                | Some name -> "stream", Json.text name
                | None -> ()

                match Option.ofNullable result.OneGraph with
                | Some error -> "oneGraph", Json.number error
                | None -> ()

                match Option.ofNullable result.Rounding with
                | Some explained -> "rounding", Json.number explained
                | None -> ()

                match result.Where with
                | null -> ()
                | place -> "where", Json.text place

                "tolerance", Json.number result.Tolerance
                "holds", Json.flag result.Holds
            ])
        |> Json.list
    ]

let private scientific (format: string) (value: float) =
    value.ToString(format, Globalization.CultureInfo.InvariantCulture)

let private table (results: CheckResult list) writer =
    let withOneGraph = results |> List.exists _.OneGraph.HasValue
    let withStream = results |> List.exists _.Stream.HasValue

    let row (result: CheckResult) = [
        result.Property
        result.Subject
        if withStream then
            streamName result |> Option.defaultValue ""
        scientific "0.00e-00" result.Error
        if withOneGraph then
            match Option.ofNullable result.OneGraph with
            | Some error -> scientific "0.00e-00" error
            | None -> ""
        if Double.IsFinite result.Tolerance then
            scientific "0e-00" result.Tolerance
        else
            ""
        if not result.Holds then "FAILS"
        elif Double.IsFinite result.Tolerance then "holds"
        else "for comparison"
    ]

    TextTable.write
        [
            "property", TextTable.Left
            "of", TextTable.Left
            if withStream then
                "stream", TextTable.Left
            "error", TextTable.Right
            if withOneGraph then
                "one graph's", TextTable.Right
            "tolerance", TextTable.Right
            "verdict", TextTable.Left
        ]
        (List.map row results)
        writer

    let isBlurred (result: CheckResult) =
        result.Property = "finite differences"
        && result.Tolerance > NetworkCheck.DifferenceTolerance

    if results |> List.exists isBlurred then
        writer.WriteLine()

        let usual = scientific "0e-00" NetworkCheck.DifferenceTolerance

        writer.WriteLine
            $"Finite differences: a tolerance above {usual} is what rounding of the output hides of that segment's slope."

    if results |> List.exists (fun result -> not (Double.IsFinite result.Tolerance)) then
        writer.WriteLine()

        writer.WriteLine
            "Rows for comparison have no verdict: float32 differs from float64 in one graph as well, by 1e-6 or, where rounding takes a rectifier's input across zero, up to about 1e-2."

    if withStream then
        writer.WriteLine()

        writer.WriteLine
            $"Stream: the type of a stack's halves. Unless --stream names one, stacks of float32 have a float64 stream from {ResidualStreamType.DeepStack} blocks on. What a block adds there, a float32 number, is taken away again without rounding or nearly so: errors of 0 are found, not assumed."

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let device = Options.device (arguments.TryGetResult Device)

    let depths =
        arguments.TryGetResult Depths |> Option.map (Options.integers "--depths")

    let scalarType =
        function
        | Float32 -> torch.ScalarType.Float32
        | Float64 -> torch.ScalarType.Float64

    let dtype =
        arguments.GetResult(Dtype, (if depths.IsSome then Float32 else Float64))
        |> scalarType

    let stream = arguments.TryGetResult Stream |> Option.map scalarType

    if stream.IsSome && depths.IsNone then
        raise (
            UsageException "--stream belongs to --depths. Give the numbers of blocks, for example --depths 4,32,250."
        )

    let declaration =
        (Options.networks streams (arguments.GetResults Plugin)).Find(arguments.GetResult Network)

    let check (settings: string list) =
        NetworkCheck(
            declaration,
            Options.hyperparameters settings,
            dtype,
            device,
            arguments.GetResult(Seed, 0UL),
            StepOptions(StreamType = Option.toNullable stream)
        )

    let settings = arguments.GetResults Set
    depths |> Option.iter (CheckDepths.demand declaration settings)

    let results =
        match depths with
        | None ->
            Progress.track streams $"Checking {declaration.Name}" (fun progress ->
                Seq.toList ((check settings).Run progress))
        | Some depths -> Progress.track streams "Checking stacks" (CheckDepths.run check settings depths)

    streams.Result(arguments.Contains Json, (fun () -> document results), table results)

    match results |> List.filter (fun result -> not result.Holds) with
    | [] -> ExitCode.Success
    | failed ->
        streams.Say(CheckAdvice.words dtype results failed)
        ExitCode.CheckFailed
