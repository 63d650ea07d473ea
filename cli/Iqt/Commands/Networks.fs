/// <c>iqt networks</c>: the declared networks.
module Iqt.Cli.Commands.Networks

open System.IO
open Argu
open Iqt.Cli
open Iqt.Reversible

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
        Seq.toList ((Options.networks (arguments.GetResults Plugin)).Declarations)

    streams.Result(arguments.Contains Json, (fun () -> document networks), list networks)
    ExitCode.Success
