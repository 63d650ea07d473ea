/// <c>iqt demo</c>: the whole way, from simulated subjects to a report.
module Iqt.Cli.Commands.Demo

open System.Diagnostics
open Argu
open Iqt.Cli
open Iqt.Experiments.Demo
open Iqt.Experiments.Statistics
open Iqt.Reversible.Natives

type Arguments =
    | [<Unique>] Out of DIR: string
    | [<Unique>] Quick
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Out _ -> "folder of data, runs and report (default iqt-demo); finished parts are kept."
            | Quick -> "tiny subjects and two epochs: shows that all parts work, not what they can do."
            | Json -> "print one JSON document."

let examples = [ "iqt demo"; "iqt demo --quick --out /tmp/demo" ]

let private stages (streams: Streams) =
    { new DemoRun.IStages with
        member _.Run(title, work) =
            let clock = Stopwatch.StartNew()
            Progress.track streams title (fun progress -> work progress)
            streams.Say $"{title}: {Progress.duration clock.Elapsed}"
    }

let private document (result: DemoRun.DemoResult) =
    Json.object [
        "report", Json.text result.Report
        "picture", Json.text result.Picture
        "unit", Json.text "1e-5 mm²/s"
        "methods",
        result.Methods
        |> List.map (fun method ->
            let summary (s: Summary) =
                Json.object [ "mean", Json.number s.Mean; "standardDeviation", Json.number s.Deviation ]

            Json.object [
                "method", Json.text method.Method
                "interior", summary (method.Over _.Interior)
                "exterior", summary (method.Over _.Exterior)
                "total", summary (method.Over _.Total)
                "covered", summary (method.Over _.Covered)
            ])
        |> Json.list
    ]

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let folder = arguments.GetResult(Out, "iqt-demo")

    let settings =
        if arguments.Contains Quick then
            DemoSettings.quick folder
        else
            DemoSettings.standard folder

    TorchNatives.EnsureLoaded()

    let result =
        DemoRun.run settings (Options.catalog ()) (stages streams) streams.Cancellation

    streams.Result(
        arguments.Contains Json,
        (fun () -> document result),
        fun writer ->
            ErrorTable.write result.Methods writer
            writer.WriteLine()
            WrappedText.write "" (DemoVerdict.words result.Methods) writer
            writer.WriteLine()
            writer.WriteLine $"Report: {result.Report}"
    )

    ExitCode.Success
