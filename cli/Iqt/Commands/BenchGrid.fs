/// What the benchmarks have in common: the grid of cells, the head of a table, and its three formats.
module Iqt.Cli.Commands.BenchGrid

open System
open System.Collections.Generic
open System.IO
open Iqt.Cli
open Iqt.Reversible
open Iqt.Reversible.Adjoints
open Iqt.Reversible.Benchmarking
open Iqt.Reversible.Prediction
open Iqt.Training
open TorchSharp

type Format =
    | Table
    | Json
    | Markdown

/// One way of running a step, as a row names it.
type Way = {
    Mode: BackpropagationMode
    Update: UpdatePlace
    /// Of the convolutions.
    Precision: ConvolutionPrecision
    /// Bytes above weights and optimiser state that kept activations may bring the step to.
    Budget: int64 option
}

/// The name of an update in a table.
let updateName (update: UpdatePlace) =
    match update with
    | UpdatePlace.Ordinary -> "ordinary"
    | UpdatePlace.Behind -> "behind"
    | _ -> "fused"

let private usage message = raise (UsageException message)

// One word or several with commas; what stands for all where nothing was given.
let private several (all: 'a list) (read: string -> 'a) (text: string option) =
    match text with
    | None -> all
    | Some text ->
        text.Split(',', StringSplitOptions.TrimEntries)
        |> Array.toList
        |> List.map read
        |> List.distinct

/// <c>--mode a,b</c>: all modes if nothing was given.
let modes: string option -> BackpropagationMode list =
    several (Enum.GetValues<BackpropagationMode>() |> Seq.toList) Options.mode

// One graph has no fused update.
let private exists (mode, update) =
    mode <> BackpropagationMode.SingleGraph || update = UpdatePlace.Behind

/// The ways of running a step that there are. Only reversed blocks are a budget's to keep, and memory is predicted for float32.
let ways
    (modes: BackpropagationMode list)
    (updates: UpdatePlace list)
    (precisions: ConvolutionPrecision list)
    (budgets: int64 list)
    : Way list =
    let found = [
        for mode in modes do
            for update in updates do
                for precision in precisions do
                    if exists (mode, update) then
                        let way = {
                            Mode = mode
                            Update = update
                            Precision = precision
                            Budget = None
                        }

                        way

                        if mode = BackpropagationMode.Reversible && precision = ConvolutionPrecision.F32 then
                            for budget in budgets do
                                { way with Budget = Some budget }
    ]

    if found.IsEmpty then
        usage "--mode single-graph: one graph has no --update fused. Name another mode or leave it out."

    found

/// The name of a precision on the command line.
let precisionName (precision: ConvolutionPrecision) =
    match precision with
    | ConvolutionPrecision.F32 -> "float32"
    | _ -> "bfloat16"

/// The mode, another precision than float32 and the budget as a row names them.
let wayName (way: Way) =
    String.concat ", " [
        Options.modeName way.Mode
        if way.Precision <> ConvolutionPrecision.F32 then
            precisionName way.Precision
        match way.Budget with
        | None -> ()
        | Some bytes -> string (MemoryAmount bytes)
    ]

/// <c>--memory-budget 60MB,100MB</c>.
let budgets (text: string option) : int64 list =
    match text with
    | None -> []
    | Some text ->
        text.Split ','
        |> Array.map (fun amount -> (Options.memory "--memory-budget" amount).Bytes)
        |> Array.toList

/// <c>--update</c>: both places if nothing was given.
let updates (text: string option) : UpdatePlace list =
    match text with
    | None
    | Some "both" -> [ UpdatePlace.Behind; UpdatePlace.Fused ]
    | Some "behind" -> [ UpdatePlace.Behind ]
    | Some "fused" -> [ UpdatePlace.Fused ]
    | Some other -> usage $"--update {other}: behind, fused or both is expected."

/// <c>--precision a,b</c>: float32 if nothing was given.
let precisions: string option -> ConvolutionPrecision list =
    several [ ConvolutionPrecision.F32 ] (function
        | "float32" -> ConvolutionPrecision.F32
        | "bfloat16" -> ConvolutionPrecision.Bf16
        | other -> usage $"--precision {other}: float32 or bfloat16 is expected, or both with a comma.")

/// Every combination of the values in <c>--set Name=1,2,4</c>.
let combinations (settings: string list) : (string * int) list list =
    let choices =
        settings
        |> List.map (fun setting ->
            match setting.Split('=', 2) with
            | [| name; values |] when name <> "" ->
                Options.integers $"--set {name}" values |> List.map (fun value -> name, value)
            | _ ->
                usage $"--set {setting}: Name=Value is expected, or several values, for example --set Blocks=1,4,16.")

    List.foldBack (fun choice rest -> List.allPairs choice rest |> List.map (fun (c, r) -> c :: r)) choices [ [] ]

/// As the library takes them.
let dictionary (settings: (string * int) list) : IReadOnlyDictionary<string, int> =
    let values = Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)

    for name, value in settings do
        if not (values.TryAdd(name, value)) then
            usage $"--set {name} is given twice. Name the values in one place: --set {name}=1,2."

    values

/// The step of a cell; the caller disposes it.
let step
    (declaration: NetworkDeclaration)
    (settings: IReadOnlyDictionary<string, int>)
    (batch: int)
    (size: int)
    (way: Way)
    =
    let type' =
        match way.Precision with
        | ConvolutionPrecision.F32 -> Nullable()
        | _ -> Nullable torch.ScalarType.BFloat16

    let options =
        match way.Budget with
        | None -> StepOptions(ConvolutionType = type')
        | Some bytes ->
            use network = declaration.Create settings
            let prediction = MemoryPrediction(network, int64 batch, int64 size)

            let kept =
                MemoryBudget.KeptBlocks(prediction, network, bytes, (way.Update = UpdatePlace.Fused))

            StepOptions(KeptBlocks = kept, ConvolutionType = type')

    new BenchmarkStep(declaration, settings, way.Mode, way.Update, int64 batch, int64 size, options)

/// Settings as text.
let describe (settings: (string * int) list) =
    settings
    |> List.map (fun (name, value) -> $"{name}={value}")
    |> String.concat " "

/// The machine and the step, one line each.
let head (network: string) (batch: int) (size: int) (machine: BenchmarkMachine) = [
    $"{network}, batch {batch}, edge {size} voxels; forward, mean squared error, backward, Adam"
    $"{machine.Processor}, {machine.Cores} cores, {machine.Threads} threads; TorchSharp {machine.TorchSharp}, {machine.Runtime}, {machine.System}"
]

/// The head as members of a JSON document.
let headMembers (network: string) (batch: int) (size: int) (machine: BenchmarkMachine) = [
    "network", Json.text network
    "batch", Json.integer batch
    "size", Json.integer size
    "machine",
    Json.object [
        "processor", Json.text machine.Processor
        "cores", Json.integer machine.Cores
        "threads", Json.integer machine.Threads
        "system", Json.text machine.System
        "torchSharp", Json.text machine.TorchSharp
        "runtime", Json.text machine.Runtime
    ]
]

/// Head and rows, as plain text or as Markdown.
let write (format: Format) (head: string list) columns (rows: string list list) (writer: TextWriter) =
    for line in head do
        writer.WriteLine line

    writer.WriteLine()

    match format with
    | Markdown ->
        let line (cells: string list) =
            writer.WriteLine("| " + String.concat " | " cells + " |")

        line (List.map fst columns)

        line (
            columns
            |> List.map (fun (_, alignment) -> if alignment = TextTable.Right then "---:" else "---")
        )

        List.iter line rows
    | _ -> TextTable.write columns rows writer
