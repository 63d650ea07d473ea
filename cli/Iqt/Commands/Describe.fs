/// <c>iqt describe</c>: a network's segments, shapes and parameters.
module Iqt.Cli.Commands.Describe

open System
open System.IO
open Argu
open Iqt.Cli
open Iqt.Cli.Description
open Iqt.Cli.Description.NetworkDescription
open Iqt.Reversible
open Iqt.Reversible.Natives

type Format =
    | Table
    | Json
    | Mermaid

type Arguments =
    | [<MainCommand; ExactlyOnce>] Network of NET: string
    | Set of ``NAME=VALUE``: string
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

let private defaultSizes (network: Network) =
    match InputSizes.common [ network ] with
    | Some edge -> NetworkSizes(network, [| for _ in network.Inputs -> edge |])
    | None -> NetworkSizes(network, NetworkSizes.Small network)

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

        InputSizes.given network text edges

let private settings (network: Network) =
    network.Hyperparameters
    |> Seq.map (fun pair -> $"{pair.Key}={pair.Value}")
    |> String.concat " "

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
        let voxels = if network.Margin = 1.0 then "voxel" else "voxels"

        writer.WriteLine
            $"parameters %d{network.ParameterCount} · margin %g{network.Margin} {voxels} · upsampling rate %d{network.UpsamplingRate}"
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
        TextTable.fixedPoint 1 (float bytes / 1e6) + " MB"

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

    if hasModules network then
        writer.WriteLine()

        writer.WriteLine
            "A module of your own counts as one operation: what it makes within comes on top. iqt bench memory measures it."

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let hyperparameters = Options.hyperparameters (arguments.GetResults Set)

    let declaration =
        (Options.networks streams (arguments.GetResults Plugin)).Find(arguments.GetResult Network)

    TorchNatives.EnsureLoaded()
    use network = declaration.Create hyperparameters

    let sizes = sizesOf network (arguments.TryGetResult Size)
    let steps = steps network sizes
    let batch = Options.atLeast 1 "--batch" (arguments.GetResult(Batch, 12))
    let memory = predicted network batch sizes

    let format =
        if arguments.Contains AsJson then
            Json
        else
            arguments.GetResult(Format, Table)

    let text =
        match format with
        | Mermaid -> FlowChart.write network sizes steps
        | _ -> table network batch memory steps

    streams.Result((format = Json), (fun () -> document network memory steps), text)
    ExitCode.Success
