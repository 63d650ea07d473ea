/// <c>iqt networks</c>: the declared networks.
module Iqt.Cli.Commands.Networks

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

let private table (networks: NetworkDeclaration list) writer =
    let row (network: NetworkDeclaration) =
        let hyperparameters =
            network.Hyperparameters |> Seq.map (fun h -> $"{h.Name}={h.Default}")

        [ network.Name; String.concat " " hyperparameters; network.Summary ]

    TextTable.write
        [
            "network", TextTable.Left
            "hyperparameters", TextTable.Left
            "summary", TextTable.Left
        ]
        (List.map row networks)
        writer

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let networks =
        Seq.toList ((Options.networks (arguments.GetResults Plugin)).Declarations)

    streams.Result(arguments.Contains Json, (fun () -> document networks), table networks)
    ExitCode.Success
