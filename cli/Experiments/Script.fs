/// What a script calls: its studies by preset, run as the line of arguments says.
module Iqt.Experiments.Script

open System
open System.Threading
open Argu
open Iqt.Diffusion
open Iqt.Experiments.Engines
open Iqt.Experiments.Studies
open Iqt.Training

/// Which engine runs the units.
type EngineName =
    | Local
    | Slurm

/// Arguments of a script, and of <c>iqt experiment run</c>.
type Arguments =
    | [<MainCommand; ExactlyOnce>] Script of SCRIPT: string
    | [<Unique>] Preset of NAME: string
    | [<Unique>] Out of DIR: string
    | [<Unique>] Engine of EngineName
    | [<Unique>] Workers of N: int
    | [<Unique>] Threads of N: int
    | [<Unique>] Attempts of N: int
    | [<Unique; CustomCommandLine "--slurm-options">] SlurmOptions of OPTIONS: string
    | [<Unique; CustomCommandLine "--poll-seconds">] PollSeconds of SECONDS: float

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Script _ -> "an F# script such as cli/scripts/fig4.fsx."
            | Preset _ -> "one of the script's presets (default: its first)."
            | Out _ -> "folder of the study (default: studies/ and its name and preset); what is done there is kept."
            | Engine _ -> "local (default): processes on this machine; slurm: jobs of a cluster."
            | Workers _ -> "processes side by side, local engine (default: processors / threads)."
            | Threads _ -> "threads of each process (default 1); part of the settings, as rounding depends on it."
            | Attempts _ -> "how often a unit is begun before it is left as failed (default: local 1, slurm 3)."
            | SlurmOptions _ -> "options for sbatch, for example \"--partition=gpu --time=4:00:00\"."
            | PollSeconds _ -> "seconds between two looks at Slurm's queue (default 15)."

/// Hands back an exit code; failures are said on the error stream.
let private guarded (action: unit -> int) =
    try
        action ()
    with
    | :? DataException as error ->
        eprintfn "iqt: %s" error.Message
        3
    | :? Iqt.Reversible.Natives.NativesException as error ->
        eprintfn "iqt: %s" error.Message
        5
    | :? OperationCanceledException ->
        eprintfn "iqt: cancelled."
        130
    | :? ArguParseException as error ->
        eprintfn "%s" error.Message
        2

let private say (line: string) =
    eprintfn "%s  %s" (DateTime.Now.ToString "HH:mm:ss") line

// What an engine can't run with, in words: an option, what was found and what was expected.
let private fault (arguments: ParseResults<Arguments>) =
    let least (option: string) (value: int option) =
        value
        |> Option.filter (fun number -> number < 1)
        |> Option.map (fun number -> $"{option} {number}: at least 1 is expected.")

    [
        least "--workers" (arguments.TryGetResult Workers)
        least "--threads" (arguments.TryGetResult Threads)
        least "--attempts" (arguments.TryGetResult Attempts)
        arguments.TryGetResult PollSeconds
        |> Option.filter (fun seconds -> not (seconds > 0.0 && seconds <= 86400.0))
        |> Option.map (fun seconds -> $"--poll-seconds {seconds}: a number above 0 is expected, at most a day's 86400.")
    ]
    |> List.tryPick id

let private orDefault fallback (value: 'a option) = Option.defaultValue fallback value

let private runStudy (arguments: ParseResults<Arguments>) (preset: string) (study: Study) cancellation =
    let threads = arguments.GetResult(Threads, 1)

    let study = {
        study with
            Settings = study.Settings.With("threads", threads)
    }

    let path = arguments.TryGetResult Out |> orDefault $"studies/{study.Name}-{preset}"
    let folder = StudyFolder.Begin(path, study)
    let engineName = arguments.GetResult(Engine, Local)

    let engine: IEngine =
        match engineName with
        | Local -> LocalEngine()
        | Slurm ->
            let options =
                (arguments.GetResult(SlurmOptions, "")).Split(' ', StringSplitOptions.RemoveEmptyEntries)

            SlurmEngine(List.ofArray options, arguments.GetResult(PollSeconds, 15.0))

    let task = {
        Folder = folder
        Workers =
            arguments.TryGetResult Workers
            |> orDefault (max 1 (Environment.ProcessorCount / threads))
        Threads = threads
        Attempts =
            arguments.TryGetResult Attempts
            |> orDefault (if engineName = Slurm then 3 else 1)
        Say = say
        Cancellation = cancellation
    }

    let start = DateTime.Now

    let finished () =
        StudyUnit.all study |> List.filter folder.IsDone |> List.length

    let all = (StudyUnit.all study).Length
    say $"{study.Title}: {all} units of work, {finished ()} done, in {path}"
    engine.Run task
    Reports.StudyReport.write folder
    let minutes = (DateTime.Now - start).TotalMinutes
    say $"%d{finished ()} of {all} units are done after %.1f{minutes} min"
    printfn "%s" folder.Report
    if finished () = all then 0 else 1

/// Runs the study of the preset that the arguments name; the first argument is the script itself, as fsi passes it.
/// Returns the exit code.
let run (presets: (string * (unit -> Study)) list) (line: string array) : int =
    use source = new CancellationTokenSource()

    Console.CancelKeyPress.Add(fun pressed ->
        pressed.Cancel <- not source.IsCancellationRequested
        source.Cancel())

    guarded (fun () ->
        let parser = ArgumentParser.Create<Arguments>(programName = "iqt experiment run")
        let arguments = parser.ParseCommandLine(line, raiseOnUsage = true)
        let preset = arguments.TryGetResult Preset |> orDefault (fst presets.Head)

        match fault arguments, List.tryFind (fst >> (=) preset) presets with
        | Some words, _ ->
            eprintfn "iqt: %s" words
            2
        | None, Some(_, study) -> runStudy arguments preset (study ()) source.Token
        | None, None ->
            let known = presets |> List.map fst |> String.concat ", "
            eprintfn "iqt: --preset %s: the script has %s. Choose one of these." preset known
            2)

/// Runs something over the folder of a finished study (<c>--out</c>). Returns the exit code.
let over (action: StudyFolder -> unit) (line: string array) : int =
    guarded (fun () ->
        let parser = ArgumentParser.Create<Arguments>(programName = "iqt experiment run")
        let arguments = parser.ParseCommandLine(line, raiseOnUsage = true)

        match arguments.TryGetResult Out with
        | Some path ->
            action (StudyFolder.Open path)
            0
        | None ->
            eprintfn "iqt: name the folder of a study with --out."
            2)
