/// <c>iqt train</c>: trains a network on a prepared data set.
module Iqt.Cli.Commands.Train

open System
open Argu
open Iqt.Cli
open Iqt.Reversible.Natives
open Iqt.Training

type Preset =
    | Paper
    | Default

type Validation =
    | Patches
    | Subjects

type Arguments =
    | [<MainCommand; ExactlyOnce>] Network of NET: string
    | [<Mandatory; Unique>] Data of DIR: string
    | [<Mandatory; Unique>] Out of RUN: string
    | Set of NAME_VALUE: string
    | [<Unique>] Preset of Preset
    | [<Unique>] Mode of MODE: string
    | [<Unique>] Epochs of N: int
    | [<Unique; CustomCommandLine "--learning-rate">] LearningRate of RATE: float
    | [<Unique; CustomCommandLine "--patches">] PatchesPerSubject of N: int
    | [<Unique; CustomCommandLine "--subjects">] TrainingSubjects of N: int
    | [<Unique; CustomCommandLine "--test-subjects">] TestSubjects of N: int
    | [<Unique>] Validation of Validation
    | [<Unique; CustomCommandLine "--batch-size">] BatchSize of N: int
    | [<Unique>] Seed of N: uint64
    | [<Unique>] Device of DEVICE: string
    | [<Unique>] Threads of N: int
    | Plugin of DLL: string
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Network _ -> "name of a declared network (see iqt networks)."
            | Data _ -> "a data set that iqt prepare wrote."
            | Out _ -> "folder of the run, new or empty."
            | Set _ -> "a hyperparameter, for example --set Blocks=4; may be repeated."
            | Preset _ -> "where all settings start from: default, or paper (the protocol of Blumberg et al. 2018)."
            | Mode _ -> "how gradients are computed: single-graph, checkpointed or reversible (default)."
            | Epochs _ -> "most epochs (default 100); training stops earlier when validation stops improving."
            | LearningRate _ -> "Adam's rate at the start (default 1e-3, paper 1e-4)."
            | PatchesPerSubject _ -> "patches of each subject (default: all that were prepared)."
            | TrainingSubjects _ -> "subjects for training and validation, the first of the data set (default: all)."
            | TestSubjects _ -> "subjects at the end of the data set that are left for testing (default 0)."
            | Validation _ -> "what is held out: patches (the paper's) or whole subjects (default)."
            | BatchSize _ -> "patches a step (default 12)."
            | Seed _ -> "seed of the start values and the order of patches (default 0)."
            | Device _ -> "cpu (default), cuda or cuda:N."
            | Threads _ -> "threads of libtorch on the CPU."
            | Plugin _ -> Options.pluginUsage
            | Json -> "print one JSON document."

let examples = [
    "iqt train espcn-rn --set Blocks=4 --data prepared --out runs/rn4 --test-subjects 2"
    "iqt train espcn --data prepared --out runs/espcn --preset paper --seed 3"
]

let private settings (arguments: ParseResults<Arguments>) =
    let start =
        match arguments.GetResult(Preset, Default) with
        | Paper -> TrainingSettings.Paper
        | Default -> TrainingSettings.Default

    // Only what was given changes the preset.
    let given key value =
        value |> Option.map (fun value -> key, box value) |> Option.toList

    let validation =
        function
        | Patches -> ValidationUnit.Patches
        | Subjects -> ValidationUnit.Subjects

    let changes: (string * objnull) list = [
        "network", box (arguments.GetResult Network)
        "hyperparameters", box (Options.hyperparameters (arguments.GetResults Set))
        yield! given "mode" (arguments.TryGetResult Mode |> Option.map Options.mode)
        yield! given "epochs" (arguments.TryGetResult Epochs)
        yield!
            given
                "learningRate"
                (arguments.TryGetResult LearningRate
                 |> Option.map (Options.positive "--learning-rate"))
        yield! given "patchesPerSubject" (arguments.TryGetResult PatchesPerSubject)
        yield! given "subjects" (arguments.TryGetResult TrainingSubjects)
        yield! given "testSubjects" (arguments.TryGetResult TestSubjects)
        yield! given "validation" (arguments.TryGetResult Validation |> Option.map validation)
        yield! given "batchSize" (arguments.TryGetResult BatchSize)
        yield! given "seed" (arguments.TryGetResult Seed)
        yield! given "device" (arguments.TryGetResult Device)
        yield! given "threads" (arguments.TryGetResult Threads)
    ]

    Options.setting (fun () ->
        (start, changes)
        ||> List.fold (fun settings (key, value) -> settings.With(key, value)))

let private report (progress: Progress) (state: TrainingProgress) =
    let done' = float (state.Epoch - 1) + float state.Step / float state.Steps
    (progress :> IProgress<float>).Report(done' / float state.Epochs)

    match state.CompletedEpoch with
    | null -> ()
    | epoch ->
        let best = if epoch.IsBest then "  best" else ""

        let rate =
            epoch.LearningRate.ToString("0.0e-0", Globalization.CultureInfo.InvariantCulture)

        progress.Line
            $"epoch {epoch.Epoch}/{state.Epochs}  training %.4f{epoch.TrainingLoss}  validation %.4f{epoch.ValidationLoss}  rate {rate}  %.1f{epoch.Seconds} s{best}"

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let settings = settings arguments
    let networks = Options.networks (arguments.GetResults Plugin)
    let folder = arguments.GetResult Out
    TorchNatives.EnsureLoaded()
    let dataset = PreparedDataset.Open(arguments.GetResult Data)

    let result =
        Progress.track streams $"Training {settings.Network}" (fun progress ->
            TrainingRun.Start(
                networks,
                dataset,
                settings,
                folder,
                Iqt.Experiments.Reporter<_>(report progress),
                streams.Cancellation
            ))

    let ending =
        if result.StoppedEarly then
            ", as validation stopped improving"
        else
            ""

    streams.Say $"Trained {result.Epochs} epochs in {Progress.duration result.Elapsed}{ending}."

    streams.Result(
        arguments.Contains Json,
        (fun () ->
            Json.object [
                "run", Json.text folder
                "epochs", Json.integer result.Epochs
                "bestEpoch", Json.integer result.BestEpoch
                "bestValidationLoss", Json.number result.BestValidationLoss
                "stoppedEarly", Json.flag result.StoppedEarly
                "seconds", Json.number result.Elapsed.TotalSeconds
            ]),
        fun writer ->
            writer.WriteLine
                $"{folder}: best validation loss %.4f{result.BestValidationLoss} (epoch {result.BestEpoch})"
    )

    ExitCode.Success
