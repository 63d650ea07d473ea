/// <c>iqt check</c>: whether a network's generated code computes what one autograd graph computes.
module Iqt.Cli.Commands.Check

open System
open Argu
open Iqt.Cli
open Iqt.Reversible
open TorchSharp

type DataType =
    | Float32
    | Float64

type Arguments =
    | [<MainCommand; ExactlyOnce>] Network of NET: string
    | Set of NAME_VALUE: string
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
            | Dtype _ -> "float64 judges the code (default), float32 shows the drift of rounding."
            | Device _ -> "cpu (default), cuda or cuda:N."
            | Seed _ -> "seed of the parameters and the data (default 0)."
            | Plugin _ -> Options.pluginUsage
            | Json -> "print one JSON document."

let examples = [ "iqt check espcn-rn --set Blocks=4"; "iqt check espcn-rn --dtype float32" ]

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
                "tolerance", Json.number result.Tolerance
                "holds", Json.flag result.Holds
            ])
        |> Json.list
    ]

let private scientific (format: string) (value: float) =
    value.ToString(format, Globalization.CultureInfo.InvariantCulture)

let private table (results: CheckResult list) writer =
    let row (result: CheckResult) = [
        result.Property
        result.Subject
        scientific "0.00e-00" result.Error
        scientific "0e-00" result.Tolerance
        if result.Holds then "holds" else "FAILS"
    ]

    TextTable.write
        [
            "property", TextTable.Left
            "of", TextTable.Left
            "error", TextTable.Right
            "tolerance", TextTable.Right
            "verdict", TextTable.Left
        ]
        (List.map row results)
        writer

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let device = Options.device (arguments.TryGetResult Device)

    let dtype =
        match arguments.GetResult(Dtype, Float64) with
        | Float32 -> torch.ScalarType.Float32
        | Float64 -> torch.ScalarType.Float64

    let check =
        NetworkCheck(
            (Options.networks (arguments.GetResults Plugin)).Find(arguments.GetResult Network),
            Options.hyperparameters (arguments.GetResults Set),
            dtype,
            device,
            arguments.GetResult(Seed, 0UL)
        )

    let results = Seq.toList (check.Run())
    streams.Result(arguments.Contains Json, (fun () -> document results), table results)

    if results |> List.forall _.Holds then
        ExitCode.Success
    else
        streams.Say(
            match dtype with
            | torch.ScalarType.Float32 ->
                "iqt: a check failed. In float32 rounding alone grows with depth: --dtype float64 tells whether the generated code is at fault."
            | _ -> "iqt: a check failed: the modes don't compute the same. Report the network's declaration."
        )

        ExitCode.CheckFailed
