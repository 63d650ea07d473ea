/// <c>iqt train</c>: trains a network on a prepared data set.
module Iqt.Cli.Commands.Train

open System
open System.IO
open System.Text.Json
open System.Text.Json.Nodes
open Argu
open Iqt.Cli
open Iqt.Reversible
open Iqt.Reversible.Natives
open Iqt.Training

type Preset =
    | Paper
    | Default

type Validation =
    | Patches
    | Subjects

type Initialization =
    | He
    | Identity

type Schedule =
    | Plateau
    | Constant
    | Step
    | Cosine

type Stream =
    | Float32
    | Float64

type Precision =
    | Float32
    | Bfloat16

type Update =
    | Behind
    | Fused

type Arguments =
    | [<MainCommand; Unique>] Network of NET: string
    | [<Mandatory; Unique>] Data of DIR: string
    | [<Mandatory; Unique>] Out of RUN: string
    | [<Unique>] Resume
    | Set of NAME_VALUE: string
    | [<Unique>] From of RUN: string
    | [<Unique>] Identity
    | [<Unique>] Preset of Preset
    | [<Unique>] Mode of MODE: string
    | [<Unique>] Update of Update
    | [<Unique; CustomCommandLine "--memory-budget">] Budget of BYTES: string
    | [<Unique>] Stream of Stream
    | [<Unique>] Precision of Precision
    | [<Unique>] Epochs of N: int
    | [<Unique; CustomCommandLine "--learning-rate">] LearningRate of RATE: float
    | [<Unique; CustomCommandLine "--patches">] PatchesPerSubject of N: int
    | [<Unique; CustomCommandLine "--subjects">] TrainingSubjects of N: int
    | [<Unique; CustomCommandLine "--test-subjects">] TestSubjects of N: int
    | [<Unique>] Validation of Validation
    | [<Unique; CustomCommandLine "--batch-size">] BatchSize of N: int
    | [<Unique>] Seed of N: uint64
    | [<Unique>] Initialization of Initialization
    | [<Unique>] Schedule of Schedule
    | [<Unique; CustomCommandLine "--clip-norm">] ClipNorm of NORM: float
    | Setting of NAME_VALUE: string
    | [<Unique>] Device of DEVICE: string
    | [<Unique>] Threads of N: int
    | Plugin of DLL: string
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Network _ -> "name of a declared network (see iqt networks)."
            | Data _ -> "a data set that iqt prepare wrote."
            | Out _ -> "folder of the run, new or empty unless it goes on."
            | Resume -> "go on with the run in --out after its last finished epoch, with its own settings."
            | Set _ -> "a hyperparameter, for example --set Blocks=4; may be repeated."
            | Preset _ -> "where all settings start from: default, or paper (the protocol of Blumberg et al. 2018)."
            | From _ ->
                "start from this trained run's best weights, with its normalisation: of the same network, or of one that NET elongates."
            | Identity ->
                "with --from: the stacks that NET adds start as the identity (default: as --initialization says)."
            | Mode _ -> "how gradients are computed: single-graph, stored, checkpointed or reversible (default)."
            | Update _ ->
                "where parameters are updated: behind the backward pass (default), or fused with it block by block: the same weights, and memory does not grow with depth."
            | Budget _ ->
                "with mode reversible: keep the activations of as many blocks as fit, by prediction, for example 600MB; above weights and optimiser state."
            | Stream _ -> "type of the residual stream: float32 or float64 (default: chosen by the engine)."
            | Precision _ ->
                "type of convolutions: float32 (default) or bfloat16; parameters and all else stay float32."
            | Epochs _ -> "most epochs (default 100); training stops earlier when validation stops improving."
            | LearningRate _ -> "Adam's rate at the start (default 1e-3, paper 1e-4)."
            | PatchesPerSubject _ -> "patches of each subject (default: all that were prepared)."
            | TrainingSubjects _ -> "subjects for training and validation, the first of the data set (default: all)."
            | TestSubjects _ -> "subjects at the end of the data set that are left for testing (default 0)."
            | Validation _ -> "what is held out: patches (the paper's) or whole subjects (default)."
            | BatchSize _ -> "patches a step (default 12)."
            | Seed _ -> "seed of the start values and the order of patches (default 0)."
            | Initialization _ ->
                "start values: he (the paper's), or identity (default): every block starts as the identity."
            | Schedule _ -> "how the rate falls: plateau (default), constant, step or cosine."
            | ClipNorm _ -> "largest norm of all gradients together (default: no limit)."
            | Setting _ ->
                "any setting by its name in settings.json, for example --setting stopPatience=30; may be repeated."
            | Device _ -> "cpu (default), cuda or cuda:N."
            | Threads _ -> "threads of libtorch on the CPU; another number may round differently."
            | Plugin _ -> Options.pluginUsage
            | Json -> "print one JSON document."

let examples = [
    "iqt train espcn-rn --set Blocks=4 --data prepared --out runs/rn4 --test-subjects 2"
    "iqt train espcn --data prepared --out runs/espcn --preset paper --seed 3"
    "iqt train espcn-rn --set Blocks=16 --data prepared --out runs/rn16 --update fused --memory-budget 200MB"
    "iqt train espcn-rn --data prepared --out runs/deeper --from runs/espcn --identity"
    "iqt train --resume --data prepared --out runs/espcn"
]

// A setting's value as JSON reads it; what is no JSON is a word such as cosine.
let private namedSetting (text: string) : string * objnull =
    match text.Split('=', 2) with
    | [| name; value |] when name <> "" ->
        let json =
            try
                JsonNode.Parse(value, Nullable(), JsonDocumentOptions(AllowDuplicateProperties = false))
            with :? JsonException ->
                JsonValue.Create value

        name, box json
    | _ -> raise (UsageException $"--setting {text}: NAME=VALUE is expected, for example --setting stopPatience=30.")

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

    let initialization =
        function
        | He -> InitializationScheme.He
        | Initialization.Identity -> InitializationScheme.Identity

    let schedule =
        function
        | Plateau -> RateSchedule.Plateau
        | Constant -> RateSchedule.Constant
        | Step -> RateSchedule.Step
        | Cosine -> RateSchedule.Cosine

    let stream =
        function
        | Stream.Float32 -> StreamType.F32
        | Stream.Float64 -> StreamType.F64

    let precision =
        function
        | Precision.Float32 -> ConvolutionPrecision.F32
        | Bfloat16 -> ConvolutionPrecision.Bf16

    let update =
        function
        | Behind -> ParameterUpdate.Behind
        | Fused -> ParameterUpdate.Fused

    let network =
        match arguments.TryGetResult Network with
        | Some name -> name
        | None ->
            raise (
                UsageException "name a network, or --resume to go on with the run in --out. iqt networks lists them."
            )

    let changes: (string * objnull) list = [
        "network", box network
        "hyperparameters", box (Options.hyperparameters (arguments.GetResults Set))
        yield! given "mode" (arguments.TryGetResult Mode |> Option.map Options.mode)
        yield! given "update" (arguments.TryGetResult Arguments.Update |> Option.map update)
        yield! given "memoryBudget" (arguments.TryGetResult Budget |> Option.map (Options.memory "--memory-budget"))
        yield! given "stream" (arguments.TryGetResult Arguments.Stream |> Option.map stream)
        yield! given "precision" (arguments.TryGetResult Arguments.Precision |> Option.map precision)
        yield! given "from" (arguments.TryGetResult From)
        if arguments.Contains Arguments.Identity then
            "identity", box true
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
        yield! given "initialization" (arguments.TryGetResult Initialization |> Option.map initialization)
        yield! given "schedule" (arguments.TryGetResult Schedule |> Option.map schedule)
        yield! given "clipNorm" (arguments.TryGetResult ClipNorm |> Option.map (Options.positive "--clip-norm"))
        yield! given "device" (arguments.TryGetResult Device)
        yield! given "threads" (arguments.TryGetResult Threads)
        for setting in arguments.GetResults Setting do
            namedSetting setting
    ]

    Options.setting (fun () ->
        let settings =
            (start, changes)
            ||> List.fold (fun settings (key, value) -> settings.With(key, value))

        settings.Check()
        settings)

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

let private resume (streams: Streams) (arguments: ParseResults<Arguments>) networks dataset folder report =
    match ownOptions arguments with
    | [] -> ()
    | _ ->
        raise (
            UsageException "--resume goes on with the run's own settings: give only --data, --out and --json beside it."
        )

    warnOfOtherVersions streams folder
    TrainingRun.Resume(networks, dataset, folder, report, streams.Cancellation)

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let networks = Options.networks (arguments.GetResults Plugin)
    let folder = arguments.GetResult Out
    let resumes = arguments.Contains Resume
    let settings = if resumes then None else Some(settings arguments)
    TorchNatives.EnsureLoaded()
    let dataset = PreparedDataset.Open(arguments.GetResult Data)

    let result =
        Progress.track streams $"Training {Path.GetFileName(Path.GetFullPath folder)}" (fun progress ->
            let report = Iqt.Experiments.Reporter<_>(report progress)

            match settings with
            | None -> resume streams arguments networks dataset folder report
            | Some settings -> TrainingRun.Start(networks, dataset, settings, folder, report, streams.Cancellation))

    let ending =
        if result.StoppedEarly then
            ", as validation stopped improving"
        else
            ""

    let epochs = if result.Epochs = 1 then "epoch" else "epochs"
    streams.Say $"Trained {result.Epochs} {epochs} in {Progress.duration result.Elapsed}{ending}."

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
