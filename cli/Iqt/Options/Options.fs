/// Options that several commands share: how their text becomes a value.
module Iqt.Cli.Options

open System
open System.Collections.Generic
open System.Globalization
open System.IO
open Iqt.Reversible
open Iqt.Reversible.Natives
open Iqt.Training
open TorchSharp

let private usage message = raise (UsageException message)

// Once each, whoever names them.
let private named (plugins: string list) =
    plugins @ Plugins.ofEnvironment () |> List.distinctBy Path.GetFullPath

let private catalogOf plugins =
    Plugins.catalog (Reflection.Assembly.Load "Iqt.Models") plugins

/// The networks that the command knows: its own, those of the named plugins and of IQT_PLUGINS. Says which plugins are older than
/// their source.
let networks (streams: Streams) (plugins: string list) =
    let plugins = named plugins
    let known = catalogOf plugins

    for plugin in plugins do
        match PluginSources.changed plugin with
        | [] -> ()
        | changed ->
            let names = changed |> List.map (fun path -> string (Path.GetFileName path))

            streams.Say
                $"{plugin} was built before {NameList.few names} changed: what follows is of the source as it was. Build it again: dotnet build -c Release."

    known

/// The networks of a command that names no plugins.
let catalog () = catalogOf (named [])

/// Explains --plugin.
let pluginUsage =
    "a .dll with declared networks of your own, whose code is run; may be repeated (also IQT_PLUGINS)."

/// <c>--set Name=Value</c>, repeated, as hyperparameters by name.
let hyperparameters (settings: string list) : IReadOnlyDictionary<string, int> =
    let values = Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)

    for setting in settings do
        match setting.Split('=', 2) with
        | [| name; value |] when name <> "" ->
            match Int32.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) with
            | false, _ -> usage $"--set {setting}: '{value}' is no whole number. Use for example --set Blocks=4."
            | true, number ->
                if not (values.TryAdd(name, number)) then
                    usage $"--set {name} is given twice. Give each hyperparameter once."
        | _ -> usage $"--set {setting}: Name=Value is expected, for example --set Blocks=4."

    values

/// The name of a device, checked; cpu if none is given.
let device (name: string option) : torch.Device =
    TorchNatives.EnsureLoaded()
    Devices.Parse(defaultArg name "cpu")

/// Refuses a number that is not at least <c>least</c>.
let atLeast (least: int) (option: string) (value: int) =
    if value < least then
        usage $"{option} {value}: at least {least} is expected."

    value

/// Refuses a number that is not positive and finite.
let positive (option: string) (value: float) =
    if not (value > 0.0 && Double.IsFinite value) then
        usage $"{option} {value}: a number above 0 is expected."

    value

/// A list of whole numbers, separated by commas.
let integers (option: string) (text: string) =
    text.Split(',', StringSplitOptions.TrimEntries)
    |> Array.map (fun item ->
        match Int32.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture) with
        | true, number -> number
        | _ -> usage $"{option} {text}: '{item}' is no whole number. Separate numbers by commas, for example 1,2,4.")
    |> Array.toList

/// An amount of memory with its unit, for example 600MB.
let memory (option: string) (text: string) : MemoryAmount =
    try
        MemoryAmount.Parse text
    with :? FormatException as e ->
        usage $"{option}: {e.Message}"

/// Explains --memory of a prediction.
let predictionMemoryUsage =
    "MB that predicting the whole volume may take (default 2048); a larger one goes slab by slab."

/// Bytes that predicting the whole volume may take, of a number of MB.
let predictionMemory (megabytes: int option) : int64 =
    match megabytes with
    | Some number -> int64 (atLeast 1 "--memory" number) <<< 20
    | None -> SlabPlan.DefaultMemory

/// An existing file, else a message that says what kind of file is missing.
let existingFile (kind: string) (path: string) =
    if File.Exists path then
        path
    else
        raise (Iqt.Diffusion.DataException $"{path}: there is no such file, a {kind} is expected. Check the path.")

let private modes = [
    "single-graph", BackpropagationMode.SingleGraph
    "stored", BackpropagationMode.Stored
    "checkpointed", BackpropagationMode.Checkpointed
    "reversible", BackpropagationMode.Reversible
]

/// How gradients are computed, by the name used on the command line.
let mode (name: string) : BackpropagationMode =
    match List.tryFind (fst >> (=) name) modes with
    | Some(_, mode) -> mode
    | None -> usage $"--mode {name}: single-graph, stored, checkpointed or reversible is expected."

/// The name of a mode on the command line.
let modeName (mode: BackpropagationMode) =
    modes |> List.find (snd >> (=) mode) |> fst

/// The message of a setting that the library refuses, as a refusal of what was typed.
let setting (build: unit -> 'a) : 'a =
    try
        build ()
    with :? Iqt.Diffusion.DataException as e ->
        usage e.Message
