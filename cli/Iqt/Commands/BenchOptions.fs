/// The options that both benchmarks have, and the grid of cells that they ask for.
module Iqt.Cli.Commands.BenchOptions

open System
open System.Collections.Generic
open Iqt.Cli
open Iqt.Cli.Commands.BenchWays
open Iqt.Reversible
open Iqt.Reversible.Benchmarking
open Iqt.Training
open TorchSharp

/// How the result is printed.
type Format =
    | Table
    | Json
    | Markdown

/// What the options are explained by.
module Usage =
    let network = "name of a declared network (see iqt networks)."

    let set =
        "values of a hyperparameter, for example --set Blocks=1,4,16; may be repeated."

    let mode =
        "single-graph, stored, checkpointed, reversible, several with commas (default all)."

    let update =
        "where parameters are updated: behind the backward pass, fused with it block by block, or both (default)."

    let precision =
        "of the convolutions: float32 (default), bfloat16, or both with a comma."

    let budget (verb: string) =
        $"also {verb} mode reversible keeping activations within these bounds, for example 60MB,100MB; above weights and optimiser state."

    let batch = "examples in a batch (default 12)."
    let size = "edge of the inputs in voxels (default 11, or the next that fits)."
    let format = "a table (default), JSON or Markdown."
    let json = "the same as --format json."

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

/// What both benchmarks are asked for: every combination of settings in every way.
type Grid = {
    Network: NetworkDeclaration
    /// The plugins that were named.
    Plugins: string list
    Batch: int
    Size: int
    Settings: (string * int) list list
    Ways: Way list
}

// Every network of the grid has to take it. Sizes need no numbers: none are allocated.
let private edge (network: NetworkDeclaration) (settings: (string * int) list list) (named: int option) =
    Natives.TorchNatives.EnsureLoaded()

    let networks =
        settings
        |> List.map (fun settings -> network.Create(dictionary settings, torch.META))

    try
        let edge =
            named
            |> Option.map int64
            |> Option.orElseWith (fun () -> InputSizes.common networks)
            |> Option.defaultWith (fun () ->
                usage
                    $"network {network.Name} takes no inputs of one size, with which iqt bench measures. iqt describe predicts its memory.")

        for network in networks do
            InputSizes.given network (string edge) [| for _ in network.Inputs -> edge |]
            |> ignore

        int edge
    finally
        for network in networks do
            network.Dispose()

/// The grid of the texts behind <c>--set</c>, <c>--mode</c>, <c>--update</c>, <c>--precision</c> and <c>--memory-budget</c>.
let grid
    streams
    plugins
    (network: string)
    (batch: int option)
    (size: int option)
    settings
    mode
    update
    precision
    budget
    =
    let declaration = (Options.networks streams plugins).Find network
    let settings = combinations settings

    {
        Network = declaration
        Plugins = plugins
        Batch = Options.atLeast 1 "--batch" (defaultArg batch 12)
        Ways = ways (modes mode) (updates update) (precisions precision) (budgets budget)
        Size = edge declaration settings (size |> Option.map (Options.atLeast 1 "--size"))
        Settings = settings
    }

/// <c>--format</c>, or <c>--json</c>, which says the same.
let format (asJson: bool) (named: Format option) =
    if asJson then Json else defaultArg named Table
