/// <c>iqt describe</c>: a network's segments, shapes and parameters.
module Iqt.Cli.Commands.Describe

open System.IO
open Argu
open Iqt.Cli
open Iqt.Reversible
open Iqt.Reversible.Natives

type Format =
    | Table
    | Json
    | Mermaid

type Arguments =
    | [<MainCommand; ExactlyOnce>] Network of NET: string
    | Set of NAME_VALUE: string
    | [<Unique>] Size of VOXELS: int
    | [<Unique>] Format of Format
    | Plugin of DLL: string
    | [<Unique; CustomCommandLine "--json">] AsJson

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Network _ -> "name of a declared network (see iqt networks)."
            | Set _ -> "a hyperparameter, for example --set Blocks=4; may be repeated."
            | Size _ -> "edge length of the input in voxels (default 11)."
            | Format _ -> "a table (default), JSON, or a Mermaid flow chart."
            | Plugin _ -> Options.pluginUsage
            | AsJson -> "the same as --format json."

let examples = [
    "iqt describe espcn-rn --set Blocks=4"
    "iqt describe espcn-rn --format mermaid > espcn-rn.mmd"
]

/// A segment and the edge lengths of its input and output.
type private Step = {
    Segment: Segment
    Input: int64
    Output: int64
}

let private steps (network: Network) (size: int64) =
    network.Segments
    |> Seq.mapFold
        (fun size segment ->
            let output = segment.Relation.OutputSize size

            {
                Segment = segment
                Input = size
                Output = output
            },
            output)
        size
    |> fst
    |> Seq.toList

let private kind (segment: Segment) =
    match segment.Kind with
    | SegmentKind.Stack -> "stack"
    | _ -> "layers"

let private shape channels (size: int64) = $"{channels}×{size}³"

let private settings (network: Network) =
    network.Hyperparameters
    |> Seq.map (fun pair -> $"{pair.Key}={pair.Value}")
    |> String.concat " "

let private document (network: Network) (steps: Step list) =
    Json.object [
        "name", Json.text network.NetworkName
        "hyperparameters",
        network.Hyperparameters
        |> Seq.map (fun pair -> pair.Key, Json.integer pair.Value)
        |> Json.object
        "parameters", Json.integer network.ParameterCount
        "margin", Json.number network.Margin
        "upsamplingRate", Json.integer network.UpsamplingRate
        "segments",
        steps
        |> List.map (fun step ->
            let edge channels size =
                Json.object [ "channels", Json.integer channels; "size", Json.integer size ]

            Json.object [
                "name", Json.text step.Segment.Name
                "kind", Json.text (kind step.Segment)
                "operations", Json.text step.Segment.Operations
                "blocks", Json.integer step.Segment.Blocks
                "input", edge step.Segment.InputChannels step.Input
                "output", edge step.Segment.OutputChannels step.Output
                "cached", Json.text step.Segment.Cached
            ])
        |> Json.list
    ]

let private table (network: Network) (steps: Step list) (writer: TextWriter) =
    let row step = [
        step.Segment.Name
        kind step.Segment
        step.Segment.Operations
        shape step.Segment.InputChannels step.Input
        shape step.Segment.OutputChannels step.Output
        step.Segment.Cached
    ]

    writer.WriteLine($"{network.NetworkName} {settings network}".TrimEnd())

    writer.WriteLine
        $"parameters %d{network.ParameterCount} · margin %g{network.Margin} voxels · upsampling rate %d{network.UpsamplingRate}"

    writer.WriteLine()

    let columns =
        [
            "segment"
            "kind"
            "operations"
            "input"
            "output"
            "cached (mode reversible)"
        ]
        |> List.map (fun name -> name, TextTable.Left)

    TextTable.write columns (List.map row steps) writer

let private flowChart (network: Network) (steps: Step list) (writer: TextWriter) =
    writer.WriteLine "flowchart TD"
    let first = List.head steps
    writer.WriteLine $"    Input([\"{network.NetworkName} {shape first.Segment.InputChannels first.Input}\"])"

    for step in steps do
        let label = $"\"{step.Segment.Name}<br/>{step.Segment.Operations}\""

        let node =
            if step.Segment.Kind = SegmentKind.Stack then
                $"[[{label}]]"
            else
                $"[{label}]"

        writer.WriteLine $"    {step.Segment.Name}{node}"

    ("Input", steps)
    ||> List.fold (fun previous step ->
        writer.WriteLine $"    {previous} -->|{shape step.Segment.InputChannels step.Input}| {step.Segment.Name}"

        step.Segment.Name)
    |> fun last ->
        let final = List.last steps
        writer.WriteLine $"    {last} --> Result([\"{shape final.Segment.OutputChannels final.Output}\"])"

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let size = arguments.GetResult(Size, 11) |> Options.atLeast 1 "--size"
    let hyperparameters = Options.hyperparameters (arguments.GetResults Set)

    let declaration =
        (Options.networks (arguments.GetResults Plugin)).Find(arguments.GetResult Network)

    TorchNatives.EnsureLoaded()
    use network = declaration.Create hyperparameters

    if int64 size < network.Relation.SmallestInput then
        raise (
            UsageException
                $"--size {size}: network {declaration.Name} needs an edge of at least {network.Relation.SmallestInput} voxels."
        )

    let steps = steps network size

    let format =
        if arguments.Contains AsJson then
            Json
        else
            arguments.GetResult(Format, Table)

    let text =
        match format with
        | Mermaid -> flowChart network steps
        | _ -> table network steps

    streams.Result((format = Json), (fun () -> document network steps), text)
    ExitCode.Success
