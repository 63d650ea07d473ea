/// The settings that the options of <c>iqt train</c> ask for.
module Iqt.Cli.Commands.TrainSettings

open System
open System.Text.Json
open System.Text.Json.Nodes
open Argu
open Iqt.Cli
open Iqt.Reversible
open Iqt.Training
// Last: network and update are options here.
open Iqt.Cli.Commands.TrainArguments

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

// --set patchSize=12, of whom means --setting patchSize=12.
let private checkNames (declaration: NetworkDeclaration) (settings: string list) =
    let same (a: string) (b: string) =
        String.Equals(a, b, StringComparison.OrdinalIgnoreCase)

    for setting in settings do
        let name = setting.Split('=')[0]

        let isDeclared =
            declaration.Hyperparameters |> Seq.exists (fun known -> same known.Name name)

        match TrainingSettingsJson.Names |> Seq.tryFind (same name) with
        | Some known when not isDeclared ->
            raise (
                UsageException
                    $"--set {setting}: {name} is no hyperparameter of {declaration.Name} but a setting of the training. Write --setting {known}{setting.Substring name.Length}."
            )
        | _ -> ()

/// The preset with what was given. Refuses options that no training can start with.
let ofArguments (networks: NetworkCatalog) (arguments: ParseResults<Arguments>) =
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

    checkNames (networks.Find network) (arguments.GetResults Set)

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
