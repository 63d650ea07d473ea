/// <c>iqt networks</c>: the declared networks.
module Iqt.Cli.Commands.Networks

open System.IO
open Argu
open Iqt.Cli
open Iqt.Reversible
open Iqt.Reversible.Natives
open Iqt.Training
open TorchSharp

type Arguments =
    | Plugin of DLL: string
    | Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Plugin _ -> Options.pluginUsage
            | Json -> "print one JSON document."

let examples = [ "iqt networks" ]

let private document (networks: NetworkDeclaration list) =
    networks
    |> List.map (fun network ->
        Json.object [
            "name", Json.text network.Name
            "summary", Json.text network.Summary
            "type", Json.text (string network.Type)
            "hyperparameters",
            network.Hyperparameters
            |> Seq.map (fun h ->
                Json.object [
                    "name", Json.text h.Name
                    "default", Json.integer h.Default
                    "summary", Json.text h.Summary
                ])
            |> Json.list
        ])
    |> Json.list

// Built without memory for weights: only its shape is asked for.
let private isTrainable (declaration: NetworkDeclaration) =
    try
        use network = declaration.Create(null, torch.device "meta")
        NetworkDemands.Accepts network
    with :? System.ArgumentException ->
        false

let private trainable (networks: NetworkDeclaration list) (writer: TextWriter) =
    TorchNatives.EnsureLoaded()

    match networks |> List.filter isTrainable |> List.map _.Name with
    | [] -> ()
    | names ->
        writer.WriteLine()

        WrappedText.write
            ""
            $"""iqt train takes those of diffusion tensors: {String.concat ", " names}. The others are for loops of your own; iqt describe and check take all, iqt bench those whose inputs can have one size."""
            writer

let private list (networks: NetworkDeclaration list) (writer: TextWriter) =
    for network in networks do
        writer.WriteLine network.Name
        WrappedText.write "    " network.Summary writer
        let settings = [ for h in network.Hyperparameters -> $"{h.Name}={h.Default}", h.Summary ]
        let width = settings |> List.map (fst >> String.length) |> List.fold max 0

        for setting, summary in settings do
            writer.WriteLine $"    {setting.PadRight width}  {summary}"

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let networks =
        Seq.toList ((Options.networks streams (arguments.GetResults Plugin)).Declarations)

    streams.Result(
        arguments.Contains Json,
        (fun () -> document networks),
        fun writer ->
            list networks writer
            trainable networks writer
    )

    ExitCode.Success
