/// <c>iqt evaluate</c>: a trained network's errors beside those of interpolation.
module Iqt.Cli.Commands.Evaluate

open System
open System.IO
open Argu
open Iqt.Cli
open Iqt.Experiments.Methods
open Iqt.Experiments.Statistics
open Iqt.Training

type Arguments =
    | [<MainCommand; ExactlyOnce>] Run of RUN: string
    | [<Mandatory; Unique>] Data of DIR: string
    | [<Unique>] Subjects of IDS: string
    | [<Unique>] Out of DIR: string
    | [<Unique>] Tiling of Tiles
    | [<Unique>] Memory of MB: int
    | [<Unique>] Device of DEVICE: string
    | Plugin of DLL: string
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Run _ -> "folder of a run that iqt train wrote."
            | Data _ -> "a data set that iqt prepare wrote."
            | Subjects _ -> "names separated by commas (default: those the run left for testing)."
            | Out _ -> "folder for evaluation.json and a CSV table for each method, which iqt stats compares."
            | Tiling _ -> "tiles of the training patch's size (default) or the whole volume."
            | Memory _ -> Options.predictionMemoryUsage
            | Device _ -> "cpu (default), cuda or cuda:N."
            | Plugin _ -> Options.pluginUsage
            | Json -> "print one JSON document."

let examples = [
    "iqt evaluate runs/rn4 --data prepared"
    "iqt evaluate runs/rn4 --data prepared --subjects sub-07,sub-08 --json"
    "iqt evaluate runs/rn4 --data prepared --out evaluation"
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

/// Names of the chosen subjects that the run's training had too, whether or not they are the same subjects.
let private seenNames (run: RunDirectory) (chosen: PreparedSubject list) =
    chosen
    |> List.filter (fun subject ->
        run.Subjects
        |> Seq.exists (fun known ->
            known.Id = subject.Id
            && known.Role <> SubjectRole.Test
            && known.Role <> SubjectRole.Unused))
    |> List.map _.Id

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
                    for figure in Figures.all do
                        figure.Name, Json.number (figure.Of error)
                    "interiorVoxels", Json.integer error.InteriorVoxels
                    "coveredVoxels", Json.integer error.CoveredVoxels
                    "brainVoxels", Json.integer error.BrainVoxels
                ])
            |> Json.list
        ])
    |> Json.list

let private perSubject (methods: MethodErrors list) (writer: TextWriter) =
    let rows =
        [
            for method in methods do
                for error in method.Errors do
                    error.Subject :: method.Method :: ErrorTable.cells error
        ]
        |> List.sortBy List.head

    // One subject's figures are their own mean.
    if rows.Length > methods.Length then
        TextTable.write
            (("subject", TextTable.Left)
             :: ("method", TextTable.Left)
             :: [ for name in ErrorTable.headers -> name, TextTable.Right ])
            rows
            writer

        writer.WriteLine()

    ErrorTable.write methods writer

let private documentFile (folder: string) = Path.Combine(folder, "evaluation.json")

let private save (folder: string) (methods: MethodErrors list) =
    Iqt.Diffusion.AtomicFile.WriteText(documentFile folder, Json.format (document methods) + "\n")

    for method in methods do
        SubjectTable.Write(
            Path.Combine(folder, method.Method.Replace(' ', '-') + ".csv"),
            method.Errors |> List.map _.Subject,
            [ for figure in Figures.all -> figure.Name, List.map figure.Of method.Errors ]
        )

// Linear IQT needs the subjects that the run was trained on; another data set (a scanner's, say) has none of them.
let private ridge (data: TrainingData) (cancellation: Threading.CancellationToken) =
    let validation, training =
        Seq.toList data.Subjects
        |> List.indexed
        |> List.partition (fun (i, _) -> data.Split.ValidationSubjects.Contains i)

    Comparison.ridge (List.map snd training) (List.map snd validation) cancellation

// What is learnt from the run's own training subjects, and what there is to say about them.
let private learnt (streams: Streams) (run: RunDirectory) (dataset: PreparedDataset) (model: TrainedModel) chosen =
    match TrainingRun.DataOf(run, dataset, model.Geometry, streams.Cancellation) with
    | null ->
        streams.Say
            $"{dataset.Folder} is not known to be the data set that the run was trained on (its patches differ, or the run has no last checkpoint to tell): ridge regression, which learns from its training subjects, is left out."

        []
    | data ->
        match seenNames run chosen with
        | [] -> ()
        | seen ->
            let names = String.concat ", " seen
            streams.Say $"Training saw {names}: their errors say nothing of unseen subjects."

        [ ridge data streams.Cancellation ]

// The network learnt from tensors of another shell or weighting than those that it is asked about.
let private sayOtherFit (streams: Streams) (dataset: PreparedDataset) (weights: Checkpoint) =
    let words (fit: Iqt.Diffusion.FitOptions) =
        let b = (nonNull fit.Shell).BValue
        $"b=%g{b} s/mm² with {fit.Reweightings} reweightings"

    match weights.Fit with
    | null -> ()
    | trained when trained = dataset.Settings.Fit -> ()
    | trained ->
        streams.Say
            $"The network was trained on tensors fitted at {words trained}; {dataset.Folder} has them at {words dataset.Settings.Fit}: the errors are those of a network used for what it was not trained for."

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let device = Options.device (arguments.TryGetResult Device)
    let folder, data = arguments.GetResult Run, arguments.GetResult Data
    let run = RunDirectory.Open folder
    let chosen = subjects run data arguments

    use model =
        TrainedModel.Open(folder, Options.networks streams (arguments.GetResults Plugin), device)

    StoppedRun.warn streams folder model.Checkpoint
    SeenSubjects.sayEvaluated streams run chosen
    sayOtherFit streams (PreparedDataset.Open data) model.Checkpoint

    arguments.TryGetResult Out
    |> Option.iter (documentFile >> OutputFiles.checkWritable)

    let name = model.Checkpoint.Network
    let memory = Options.predictionMemory (arguments.TryGetResult Memory)

    let network =
        match arguments.GetResult(Tiling, Training) with
        | Training -> Comparison.network name model streams.Cancellation
        | Whole -> Comparison.wholeNetwork name model memory streams.Cancellation

    let methods =
        Progress.track streams "Evaluating" (fun progress ->
            let compared =
                Comparison.interpolation
                @ learnt streams run (PreparedDataset.Open data) model chosen
                @ [ network ]

            Comparison.run compared model.Geometry.InputSize chosen progress streams.Cancellation)

    match arguments.TryGetResult Out with
    | None -> ()
    | Some folder ->
        save folder methods
        streams.Say $"{folder}: evaluation.json and a .csv of each method were written."

    streams.Result(
        arguments.Contains Json,
        (fun () -> document methods),
        fun writer ->
            perSubject methods writer
            EvaluationNotes.write model.Geometry.InputSize chosen methods writer
    )

    ExitCode.Success
