/// <c>iqt train</c>: trains a network on a prepared data set.
module Iqt.Cli.Commands.Train

open System
open System.IO
open Argu
open Iqt.Cli
open Iqt.Reversible.Natives
open Iqt.Training
open Iqt.Cli.Commands.TrainArguments

let examples = [
    "iqt train espcn-rn --set Blocks=4 --data prepared --out runs/rn4 --test-subjects 2"
    "iqt train espcn --data prepared --out runs/espcn --preset paper --seed 3"
    "iqt train espcn-rn --set Blocks=16 --data prepared --out runs/rn16 --update fused --memory-budget 200MB"
    "iqt train espcn-rn --data prepared --out runs/deeper --from runs/espcn --identity"
    "iqt train --resume --data prepared --out runs/espcn"
]

let private report (progress: Progress) (state: TrainingProgress) =
    (progress :> IProgress<float>).Report state.Fraction

    if state.Unreached.Count > 0 then
        progress.Line
            $"No gradient reaches {NameList.few (List.ofSeq state.Unreached)}, which learn nothing: a layer or a module behind hides what it computes from autograd (detach, no_grad, a number read out). iqt check says which."

    match state.CompletedEpoch with
    | null -> ()
    | epoch ->
        let best = if epoch.IsBest then "  best" else ""

        let rate =
            epoch.LearningRate.ToString("0.0e-0", Globalization.CultureInfo.InvariantCulture)

        progress.Line
            $"epoch {epoch.Epoch}/{state.Epochs}  training %.4f{epoch.TrainingLoss}  validation %.4f{epoch.ValidationLoss}  rate {rate}  %.1f{epoch.Seconds} s{best}"

let private ownOptions (arguments: ParseResults<Arguments>) =
    arguments.GetAllResults()
    |> List.filter (function
        | Data _
        | Out _
        | Resume
        | Plugin _
        | Json -> false
        | _ -> true)

// Other software may round differently; the run goes on, but not bit for bit.
let private warnOfOtherVersions (streams: Streams) (folder: string) =
    let before, now = RunDirectory.Open(folder).ReadVersions(), RunVersions.Current()

    if not (before.SameSoftware(now)) then
        streams.Say
            $"{folder} was begun with other versions or on another machine (versions.json): its weights may differ from those of an unbroken run."

// Other settings, more epochs too, are another run.
let private furtherTraining (folder: string) =
    $"To train its weights further, begin a new run with them: iqt train NET --data DIR --out NEW --from {folder}."

let private resume (streams: Streams) (arguments: ParseResults<Arguments>) networks dataset folder report =
    match ownOptions arguments with
    | [] -> ()
    | _ ->
        raise (
            UsageException
                $"--resume goes on with the run's own settings: give only --data, --out, --plugin and --json beside it. {furtherTraining folder}"
        )

    warnOfOtherVersions streams folder
    TrainingRun.Resume(networks, dataset, folder, report, streams.Cancellation)

let private ending (folder: string) (result: TrainingResult) =
    let why =
        if result.StoppedEarly then
            ", as validation stopped improving"
        else
            ""

    let epochs (count: int) =
        if count = 1 then "1 epoch" else $"{count} epochs"

    if result.NewEpochs = 0 then
        $"{folder} was finished already, after {epochs result.Epochs}{why}: nothing was trained. {furtherTraining folder}"
    elif result.NewEpochs < result.Epochs then
        $"Trained {epochs result.NewEpochs} in {Progress.duration result.Elapsed}, {result.Epochs} in all{why}."
    else
        $"Trained {epochs result.Epochs} in {Progress.duration result.Elapsed}{why}."

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let networks = Options.networks streams (arguments.GetResults Plugin)
    let folder = arguments.GetResult Out
    let resumes = arguments.Contains Resume

    let settings =
        if resumes then
            None
        else
            Some(TrainSettings.ofArguments networks arguments)

    TorchNatives.EnsureLoaded()
    let dataset = PreparedDataset.Open(arguments.GetResult Data)

    let train progress =
        let isFirst = ref (not resumes)

        let report =
            Iqt.Experiments.Reporter<_>(fun state ->
                if isFirst.Value then
                    isFirst.Value <- false
                    SeenSubjects.sayHeldOut streams folder

                report progress state)

        match settings with
        | None -> resume streams arguments networks dataset folder report
        | Some settings -> TrainingRun.Start(networks, dataset, settings, folder, report, streams.Cancellation)

    let result =
        try
            Progress.track streams $"Training {Path.GetFileName(Path.GetFullPath folder)}" train
        with :? OperationCanceledException ->
            StoppedRun.sayHowToGoOn streams (arguments.GetResult Data) folder (arguments.GetResults Plugin)
            reraise ()

    streams.Say(ending folder result)

    streams.Result(
        arguments.Contains Json,
        (fun () ->
            Json.object [
                "run", Json.text folder
                "epochs", Json.integer result.Epochs
                "newEpochs", Json.integer result.NewEpochs
                "bestEpoch", Json.integer result.BestEpoch
                "bestValidationLoss", Json.number result.BestValidationLoss
                "stoppedEarly", Json.flag result.StoppedEarly
                "seconds", Json.number result.Elapsed.TotalSeconds
            ]),
        fun writer ->
            writer.WriteLine
                $"{folder}: best validation RMSE %.4f{result.BestValidationLoss}, normalised (epoch {result.BestEpoch})"
    )

    ExitCode.Success
