/// <c>iqt experiment</c>: studies from F# scripts, their state and their reports.
module Iqt.Cli.Commands.Experiment

open System
open System.Diagnostics
open System.IO
open Argu
open Iqt.Cli
open Iqt.Diffusion
open Iqt.Experiments
open Iqt.Experiments.Reports
open Iqt.Experiments.Studies
open Iqt.Reversible.Natives

type StatusArguments =
    | [<MainCommand; ExactlyOnce>] Study of DIR: string
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Study _ -> "folder of a study."
            | Json -> "print one JSON document."

type ReportArguments =
    | [<MainCommand; ExactlyOnce>] Study of DIR: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Study _ -> "folder of a study; what is done so far is reported."

type WorkArguments =
    | [<MainCommand; ExactlyOnce>] Study of DIR: string
    | [<Mandatory; Unique>] Unit of NAME: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Study _ -> "folder of a study."
            | Unit _ -> "name of a unit (see iqt experiment status)."

type Arguments =
    | [<CliPrefix(CliPrefix.None)>] Run of ParseResults<Script.Arguments>
    | [<CliPrefix(CliPrefix.None)>] Status of ParseResults<StatusArguments>
    | [<CliPrefix(CliPrefix.None)>] Report of ParseResults<ReportArguments>
    | [<CliPrefix(CliPrefix.None)>] Work of ParseResults<WorkArguments>

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Run _ -> "run a script's study; the same line goes on where it stopped."
            | Status _ -> "what is done, running and failed, and the time left."
            | Report _ -> "write report.html."
            | Work _ -> "do one unit of work in this process (what engines call)."

let examples = [
    "iqt experiment run cli/scripts/fig4.fsx --preset small --out studies/fig4"
    "iqt experiment run cli/scripts/fig4.fsx --preset paper --engine slurm --slurm-options \"--time=12:00:00\""
    "iqt experiment status studies/fig4"
    "iqt experiment report studies/fig4"
]

// The script's own process parses the same arguments; this one only finds F# Interactive and shows what it says.
let private runScript (streams: Streams) (arguments: ParseResults<Script.Arguments>) =
    let script = Options.existingFile "script" (arguments.GetResult Script.Script)
    let info = ProcessStartInfo "dotnet"
    info.ArgumentList.Add "fsi"
    info.ArgumentList.Add "--quiet"
    info.ArgumentList.Add $"--lib:{AppContext.BaseDirectory.TrimEnd '/'}"
    info.ArgumentList.Add script

    let rest =
        arguments.Parser.PrintCommandLineArguments(arguments.GetAllResults() |> List.filter (_.IsScript >> not))

    for word in rest do
        info.ArgumentList.Add word

    info.RedirectStandardOutput <- true
    info.RedirectStandardError <- true

    use child =
        try
            nonNull (Process.Start info)
        with :? ComponentModel.Win32Exception as error ->
            raise (
                DataException(
                    $"dotnet fsi: can't be started ({error.Message}), the .NET SDK was expected. Install it; scripts are run by it.",
                    error
                )
            )

    use _ =
        streams.Cancellation.Register(fun () ->
            if not child.HasExited then
                child.Kill true)

    child.ErrorDataReceived.Add(fun line ->
        match line.Data with
        | null -> ()
        | text -> streams.Say text)

    child.BeginErrorReadLine()
    let output = child.StandardOutput.ReadToEnd()
    child.WaitForExit()
    streams.Out.Write output
    streams.Out.Flush()
    streams.Cancellation.ThrowIfCancellationRequested()
    child.ExitCode

let private word (state: UnitState) =
    match state with
    | Done -> "done"
    | Running -> "running"
    | Failed _ -> "failed"
    | Waiting -> "waiting"

let private epochs (unit: UnitStatus) =
    match unit.Epochs with
    | Some(finished, all) when unit.State <> Done -> $"{finished}/{all} epochs"
    | Some(finished, _) -> $"{finished} epochs"
    | None -> ""

let private statusDocument (status: StudyStatus) =
    Json.object [
        "secondsLeft", status.SecondsLeft |> Option.map Json.number |> Option.defaultValue null
        "units",
        status.Units
        |> List.map (fun unit ->
            Json.object [
                "unit", Json.text (StudyUnit.name unit.Unit)
                "state", Json.text (word unit.State)
                match unit.State with
                | Failed message -> "message", Json.text message
                | _ -> ()
                match unit.Epochs with
                | Some(finished, all) ->
                    "epochs", Json.integer finished
                    "mostEpochs", Json.integer all
                | None -> ()
            ])
        |> Json.list
    ]

let private statusTable (status: StudyStatus) writer =
    let rows = [
        for unit in status.Units do
            let message =
                match unit.State with
                | Failed message -> message
                | _ -> ""

            [ StudyUnit.name unit.Unit; word unit.State; epochs unit; message ]
    ]

    TextTable.write
        [
            "unit", TextTable.Left
            "state", TextTable.Left
            "progress", TextTable.Left
            "message", TextTable.Left
        ]
        rows
        writer

    let count state =
        status.Units |> List.filter (fun unit -> word unit.State = state) |> List.length

    writer.WriteLine()

    let states =
        [ "done"; "running"; "failed"; "waiting" ]
        |> List.map (fun state -> $"{count state} {state}")

    writer.WriteLine(String.concat ", " states)

    match status.SecondsLeft with
    | Some seconds when seconds > 0.0 ->
        let left = Progress.duration (TimeSpan.FromSeconds seconds)
        writer.WriteLine $"At most {left} of training left for one process; divide by the processes that run."
    | Some _ -> ()
    | None -> writer.WriteLine "The time left is known after the first epoch."

let private work (streams: Streams) (arguments: ParseResults<WorkArguments>) =
    let folder = StudyFolder.Open(arguments.GetResult WorkArguments.Study)
    let unit = StudyUnit.find folder.Study (arguments.GetResult Unit)
    TorchNatives.EnsureLoaded()

    // Baselines and preparation compute with libtorch or with .NET's threads; both keep to the study's number.
    match Option.ofNullable folder.Study.Settings.Threads with
    | Some threads -> TorchSharp.torch.set_num_threads threads
    | None -> ()

    Progress.track streams (StudyUnit.name unit) (fun progress ->
        Work.run
            {
                Folder = folder
                Catalog = Options.catalog ()
                Progress = progress
                Cancellation = streams.Cancellation
            }
            unit)

    ExitCode.Success

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    match arguments.GetAllResults() with
    | [ Run arguments ] -> runScript streams arguments
    | [ Status arguments ] ->
        let status =
            StudyStatus.Of(StudyFolder.Open(arguments.GetResult StatusArguments.Study))

        streams.Result(arguments.Contains StatusArguments.Json, (fun () -> statusDocument status), statusTable status)
        ExitCode.Success
    | [ Report arguments ] ->
        let folder = StudyFolder.Open(arguments.GetResult ReportArguments.Study)
        TorchNatives.EnsureLoaded()
        StudyReport.write folder
        streams.Out.WriteLine folder.Report
        ExitCode.Success
    | [ Work arguments ] -> work streams arguments
    | _ -> raise (UsageException "name one of run, status, report. iqt experiment --help explains them.")
