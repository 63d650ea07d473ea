/// <c>iqt evaluate</c>: a trained network's errors beside those of interpolation.
module Iqt.Cli.Commands.Evaluate

open System
open Argu
open Iqt.Cli
open Iqt.Experiments
open Iqt.Training

type Arguments =
    | [<MainCommand; ExactlyOnce>] Run of RUN: string
    | [<Mandatory; Unique>] Data of DIR: string
    | [<Unique>] Subjects of IDS: string
    | [<Unique>] Device of DEVICE: string
    | Plugin of DLL: string
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Run _ -> "folder of a run that iqt train wrote."
            | Data _ -> "a data set that iqt prepare wrote."
            | Subjects _ -> "names separated by commas (default: those the run left for testing)."
            | Device _ -> "cpu (default), cuda or cuda:N."
            | Plugin _ -> Options.pluginUsage
            | Json -> "print one JSON document."

let examples = [
    "iqt evaluate runs/rn4 --data prepared"
    "iqt evaluate runs/rn4 --data prepared --subjects sub-07,sub-08 --json"
]

let private subjects (run: RunDirectory) (data: string) (arguments: ParseResults<Arguments>) =
    let dataset = PreparedDataset.Open data

    let ids =
        match arguments.TryGetResult Subjects with
        | Some names -> names.Split(',', StringSplitOptions.TrimEntries ||| StringSplitOptions.RemoveEmptyEntries)
        | None ->
            [|
                for subject in run.Subjects do
                    if subject.Role = SubjectRole.Test then
                        subject.Id
            |]

    if ids.Length = 0 then
        raise (
            UsageException
                $"{run.Folder} left no subject for testing. Name some with --subjects, or train with --test-subjects."
        )

    Seq.toList (dataset.Find ids)

let private warnOfSeenSubjects (streams: Streams) (run: RunDirectory) (chosen: PreparedSubject list) =
    let seen =
        chosen
        |> List.filter (fun subject ->
            run.Subjects
            |> Seq.exists (fun known ->
                known.Id = subject.Id
                && known.Role <> SubjectRole.Test
                && known.Role <> SubjectRole.Unused))
        |> List.map _.Id

    if not seen.IsEmpty then
        let names = String.concat ", " seen
        streams.Say $"Training saw {names}: their errors say nothing of unseen subjects."

let private document (methods: MethodErrors list) =
    methods
    |> List.map (fun method ->
        Json.object [
            "method", Json.text method.Method
            "unit", Json.text "1e-5 mm²/s"
            "subjects",
            method.Errors
            |> List.map (fun error ->
                Json.object [
                    "subject", Json.text error.Subject
                    "interior", Json.number error.Interior
                    "exterior", Json.number error.Exterior
                    "total", Json.number error.Total
                ])
            |> Json.list
        ])
    |> Json.list

let private perSubject (methods: MethodErrors list) writer =
    let rows =
        [
            for method in methods do
                for error in method.Errors do
                    [
                        error.Subject
                        method.Method
                        $"%.2f{error.Interior}"
                        $"%.2f{error.Exterior}"
                        $"%.2f{error.Total}"
                    ]
        ]
        |> List.sortBy List.head

    TextTable.write
        [
            "subject", TextTable.Left
            "method", TextTable.Left
            "interior", TextTable.Right
            "exterior", TextTable.Right
            "total", TextTable.Right
        ]
        rows
        writer

    writer.WriteLine()
    ErrorTable.write methods writer

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let device = Options.device (arguments.TryGetResult Device)
    let folder = arguments.GetResult Run
    let run = RunDirectory.Open folder
    let chosen = subjects run (arguments.GetResult Data) arguments
    warnOfSeenSubjects streams run chosen

    use model =
        TrainedModel.Open(folder, Options.networks (arguments.GetResults Plugin), device)

    let methods =
        Progress.track streams "Evaluating" (fun progress ->
            Comparison.run [ model.Checkpoint.Network, model ] chosen progress streams.Cancellation)

    streams.Result(arguments.Contains Json, (fun () -> document methods), perSubject methods)
    ExitCode.Success
