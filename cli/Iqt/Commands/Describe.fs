/// <c>iqt describe</c>: a network's segments, shapes and parameters.
module Iqt.Cli.Commands.Describe

open System
open System.IO
open Argu
open Iqt.Cli
open Iqt.Reversible
open Iqt.Reversible.Natives
open Iqt.Reversible.Prediction

type Format =
    | Table
    | Json
    | Mermaid

type Arguments =
    | [<MainCommand; ExactlyOnce>] Network of NET: string
    | Set of NAME_VALUE: string
    | [<Unique>] Size of VOXELS: string
    | [<Unique>] Batch of N: int
    | [<Unique>] Format of Format
    | Plugin of DLL: string
    | [<Unique; CustomCommandLine "--json">] AsJson

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Network _ -> "name of a declared network (see iqt networks)."
            | Set _ -> "a hyperparameter, for example --set Blocks=4; may be repeated."
            | Size _ ->
                "edge length of the inputs in voxels (default 11, or the next that fits); of several inputs one each: 25,11."
            | Batch _ -> "examples in a batch, for the predicted memory (default 12)."
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
    Cached: string
}

let private steps (network: Network) (sizes: NetworkSizes) =
    let plan = SegmentPlan.For(network, BackpropagationMode.Reversible)

    network.Segments
    |> Seq.mapi (fun i segment -> {
        Segment = segment
        Input = sizes[segment.Sources[0]]
        Output = sizes[segment.Name]
        Cached = plan.Describe i
    })
    |> Seq.toList

let private kind (segment: Segment) =
    match segment.Kind with
    | SegmentKind.Stack -> "stack"
    | SegmentKind.Rearrangement -> "rearrangement"
    | _ -> "layers"

let private shape (network: Network) channels (size: int64) =
    $"""{channels}×{size}{if network.Dimensions = 2 then "²" else "³"}"""

/// Margin and upsampling rate, of networks that map images to images.
let private relation (network: Network) =
    try
        Some network.Relation
    with :? InvalidOperationException ->
        None

let private reads (segment: Segment) =
    match segment.Junction with
    | Junction.Concat -> String.concat " ‖ " segment.Sources
    | Junction.Sum -> String.concat " + " segment.Sources
    | _ -> segment.Sources[0]

/// The edge length that a patch has by default.
let private usualSize = 11L

let private fitting (network: Network) (edges: int64[]) =
    let sizes = NetworkSizes(network, edges)
    if isNull sizes.Misfit then Some sizes else None

let private defaultSizes (network: Network) =
    let equal edge = [| for _ in network.Inputs -> edge |]

    usualSize
    :: [
        yield!
            NetworkSizes.Near(network, usualSize)
            |> Seq.filter (fun edge -> edge > usualSize)
    ]
    |> List.tryPick (equal >> fitting network)
    |> Option.defaultWith (fun () -> NetworkSizes(network, NetworkSizes.Small network))

let private sizesOf (network: Network) (text: string option) =
    match text with
    | None -> defaultSizes network
    | Some text ->
        let edges =
            match Options.integers "--size" text |> List.map (Options.atLeast 1 "--size" >> int64) with
            | [ edge ] -> [| for _ in network.Inputs -> edge |]
            | edges when edges.Length = network.Inputs.Count -> List.toArray edges
            | _ ->
                let names = network.Inputs |> Seq.map _.Name |> String.concat ", "

                raise (
                    UsageException
                        $"--size {text}: network {network.NetworkName} has the inputs {names}. Give one size, or one for each."
                )

        let sizes = NetworkSizes(network, edges)

        match sizes.Misfit with
        | null -> sizes
        | misfit ->
            let remedy =
                match NetworkSizes.Remedy(network, edges) with
                | "" -> "No size was found that fits."
                | clause -> string (Char.ToUpperInvariant clause[0]) + clause[1..] + "."

            raise (UsageException $"--size {text} does not fit network {network.NetworkName}: {misfit}. {remedy}")

let private settings (network: Network) =
    network.Hyperparameters
    |> Seq.map (fun pair -> $"{pair.Key}={pair.Value}")
    |> String.concat " "

/// Predicted peak of a step above weights and optimiser state, by mode: updated behind the pass, and fused with it.
let private predicted (network: Network) (batch: int) (edge: int64) = [
    let prediction = MemoryPrediction(network, int64 batch, edge)

    for mode in Enum.GetValues<BackpropagationMode>() do
        let fused =
            if mode = BackpropagationMode.SingleGraph then
                None
            else
                Some(prediction.Peak(mode, true))

        BenchGrid.modeName mode, prediction.Peak(mode), fused
]

let private document (network: Network) (memory: (string * int64 * int64 option) list) (steps: Step list) =
    Json.object [
        "name", Json.text network.NetworkName
        "hyperparameters",
        network.Hyperparameters
        |> Seq.map (fun pair -> pair.Key, Json.integer pair.Value)
        |> Json.object
        "parameters", Json.integer network.ParameterCount
        "dimensions", Json.integer network.Dimensions
        match relation network with
        | Some _ ->
            "margin", Json.number network.Margin
            "upsamplingRate", Json.integer network.UpsamplingRate
        | None -> ()
        "inputs",
        network.Inputs
        |> Seq.map (fun input -> Json.object [ "name", Json.text input.Name; "channels", Json.integer input.Channels ])
        |> Seq.toList
        |> Json.list
        "predictedMemory",
        memory
        |> List.map (fun (mode, behind, fused) ->
            Json.object [
                "mode", Json.text mode
                "bytes", Json.integer behind
                "bytesFused", fused |> Option.map Json.integer |> Option.defaultValue null
            ])
        |> Json.list
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
                "reads", step.Segment.Sources |> Seq.map Json.text |> Seq.toList |> Json.list
                "junction", Json.text (string step.Segment.Junction)
                "isOutput", Json.flag step.Segment.IsOutput
                "cached", Json.text step.Cached
            ])
        |> Json.list
    ]

let private table
    (network: Network)
    (batch: int)
    (memory: (string * int64 * int64 option) list)
    (steps: Step list)
    (writer: TextWriter)
    =
    let row step = [
        step.Segment.Name
        kind step.Segment
        reads step.Segment
        step.Segment.Operations
        shape network step.Segment.InputChannels step.Input
        shape network step.Segment.OutputChannels step.Output
        step.Cached
    ]

    writer.WriteLine($"{network.NetworkName} {settings network}".TrimEnd())

    match relation network with
    | Some _ ->
        writer.WriteLine
            $"parameters %d{network.ParameterCount} · margin %g{network.Margin} voxels · upsampling rate %d{network.UpsamplingRate}"
    | None -> writer.WriteLine $"parameters %d{network.ParameterCount}"

    writer.WriteLine()

    let columns =
        [
            "segment"
            "kind"
            "reads"
            "operations"
            "input"
            "output"
            "cached (mode reversible)"
        ]
        |> List.map (fun name -> name, TextTable.Left)

    TextTable.write columns (List.map row steps) writer
    writer.WriteLine()
    writer.WriteLine $"predicted peak of a step at batch {batch}, above weights and optimiser state"
    writer.WriteLine()

    let megabytes (bytes: int64) =
        BenchGrid.fixedPoint 1 (float bytes / 1e6) + " MB"

    TextTable.write
        [
            "mode", TextTable.Left
            "update behind", TextTable.Right
            "update fused", TextTable.Right
        ]
        (memory
         |> List.map (fun (mode, behind, fused) -> [
             mode
             megabytes behind
             fused |> Option.map megabytes |> Option.defaultValue "–"
         ]))
        writer

let private flowChart (network: Network) (sizes: NetworkSizes) (steps: Step list) (writer: TextWriter) =
    writer.WriteLine "flowchart TD"

    for input in network.Inputs do
        let size = shape network input.Channels sizes[input.Name]
        writer.WriteLine $"    {input.Name}([\"{network.NetworkName}: {input.Name} {size}\"])"

    for step in steps do
        let label = $"\"{step.Segment.Name}<br/>{step.Segment.Operations}\""

        let node =
            match step.Segment.Kind with
            | SegmentKind.Stack -> $"[[{label}]]"
            | SegmentKind.Rearrangement -> $"[/{label}/]"
            | _ -> $"[{label}]"

        writer.WriteLine $"    {step.Segment.Name}{node}"

    let channels =
        Map [
            for input in network.Inputs do
                input.Name, input.Channels
            for step in steps do
                step.Segment.Name, step.Segment.OutputChannels
        ]

    for step in steps do
        // Several sources meet in a small circle that says how.
        let joined =
            match step.Segment.Junction with
            | Junction.None -> step.Segment.Name
            | junction ->
                let name = step.Segment.Name + "Join"
                let sign = if junction = Junction.Sum then "+" else "concat"
                writer.WriteLine $"    {name}(({sign}))"
                writer.WriteLine $"    {name} --> {step.Segment.Name}"
                name

        for source in step.Segment.Sources do
            writer.WriteLine $"    {source} -->|{shape network channels[source] sizes[source]}| {joined}"

    for step in steps |> List.filter (fun step -> step.Segment.IsOutput) do
        let name = step.Segment.Name
        writer.WriteLine $"    {name} --> {name}Result([\"{shape network step.Segment.OutputChannels step.Output}\"])"

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let hyperparameters = Options.hyperparameters (arguments.GetResults Set)

    let declaration =
        (Options.networks (arguments.GetResults Plugin)).Find(arguments.GetResult Network)

    TorchNatives.EnsureLoaded()
    use network = declaration.Create hyperparameters

    let sizes = sizesOf network (arguments.TryGetResult Size)
    let steps = steps network sizes
    let batch = Options.atLeast 1 "--batch" (arguments.GetResult(Batch, 12))
    let memory = predicted network batch sizes[network.Inputs[0].Name]

    let format =
        if arguments.Contains AsJson then
            Json
        else
            arguments.GetResult(Format, Table)

    let text =
        match format with
        | Mermaid -> flowChart network sizes steps
        | _ -> table network batch memory steps

    streams.Result((format = Json), (fun () -> document network memory steps), text)
    ExitCode.Success
