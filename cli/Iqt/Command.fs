/// The commands and how a line of arguments finds its command.
module Iqt.Cli.Command

open System
open Argu
open Iqt.Cli.Commands
open Iqt.Cli.Completion

/// The commands; each has its own arguments.
type Arguments =
    | [<CliPrefix(CliPrefix.None)>] Demo of ParseResults<Demo.Arguments>
    | [<CliPrefix(CliPrefix.None)>] Networks of ParseResults<Networks.Arguments>
    | [<CliPrefix(CliPrefix.None)>] Describe of ParseResults<Describe.Arguments>
    | [<CliPrefix(CliPrefix.None)>] Fit of ParseResults<Fit.Arguments>
    | [<CliPrefix(CliPrefix.None)>] Maps of ParseResults<Maps.Arguments>
    | [<CliPrefix(CliPrefix.None)>] Downsample of ParseResults<Downsample.Arguments>
    | [<CliPrefix(CliPrefix.None)>] Dataset of ParseResults<Dataset.Arguments>
    | [<CliPrefix(CliPrefix.None)>] Simulate of ParseResults<Simulate.Arguments>
    | [<CliPrefix(CliPrefix.None)>] Prepare of ParseResults<Prepare.Arguments>
    | [<CliPrefix(CliPrefix.None)>] Train of ParseResults<TrainArguments.Arguments>
    | [<CliPrefix(CliPrefix.None)>] Predict of ParseResults<Predict.Arguments>
    | [<CliPrefix(CliPrefix.None)>] Export of ParseResults<Interchange.ExportArguments>
    | [<CliPrefix(CliPrefix.None)>] Import of ParseResults<Interchange.ImportArguments>
    | [<CliPrefix(CliPrefix.None)>] Evaluate of ParseResults<Evaluate.Arguments>
    | [<CliPrefix(CliPrefix.None)>] Experiment of ParseResults<Experiment.Arguments>
    | [<CliPrefix(CliPrefix.None)>] Stats of ParseResults<Stats.Arguments>
    | [<CliPrefix(CliPrefix.None)>] Check of ParseResults<Check.Arguments>
    | [<CliPrefix(CliPrefix.None)>] New of ParseResults<New.Arguments>
    | [<CliPrefix(CliPrefix.None)>] Bench of ParseResults<Bench.Arguments>
    | [<CliPrefix(CliPrefix.None)>] Doctor of ParseResults<Doctor.Arguments>
    | [<CliPrefix(CliPrefix.None)>] Completion of ParseResults<Completion.Arguments>
    | Version

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Demo _ -> "simulate, train ESPCN and ESPCN-RN, compare them with interpolation, in minutes."
            | Networks _ -> "list the declared networks and their hyperparameters."
            | Describe _ -> "show a network's segments, shapes and parameters."
            | Fit _ -> "fit diffusion tensors to a diffusion-weighted series."
            | Maps _ -> "compute MD, FA, AD, RD and colour FA of a tensor image."
            | Downsample _ -> "average blocks of voxels of a diffusion-weighted series."
            | Dataset _ -> "say what a data set holds, and what would be skipped and why."
            | Simulate _ -> "make phantoms: HCP-like subjects as a BIDS data set."
            | Prepare _ -> "make training data of a data set."
            | Train _ -> "train a network on a prepared data set."
            | Predict _ -> "super-resolve a low-resolution scan with a trained network."
            | Export _ -> "write a trained network's weights for the authors' PyTorch model."
            | Import _ -> "make a checkpoint of weights of the authors' PyTorch model."
            | Evaluate _ -> "compare a trained network with interpolation on held-out subjects."
            | Experiment _ -> "run a study from an F# script, on this machine or a cluster."
            | Stats _ -> "test paired figures, for example the errors of two networks."
            | Check _ -> "check a network's generated gradients and inversion."
            | New _ -> "write a project of your own with one declared network, ready to train."
            | Bench _ -> "measure memory and time of a training step."
            | Doctor _ -> "say what Iqt found on this machine, what it means, and what to do where something is wrong."
            | Completion _ -> "print a script for your shell that completes commands, options and networks."
            | Version -> "print the versions of Iqt and of what it computes with."

let private examples =
    Map [
        "demo", Demo.examples
        "networks", Networks.examples
        "describe", Describe.examples
        "fit", Fit.examples
        "maps", Maps.examples
        "downsample", Downsample.examples
        "dataset", Dataset.examples
        "check", Check.examples
        "new", New.examples
        "experiment", Experiment.examples
        "stats", Stats.examples
        "bench", Bench.examples
        "evaluate", Evaluate.examples
        "export", Interchange.exportExamples
        "import", Interchange.importExamples
        "predict", Predict.examples
        "train", Train.examples
        "prepare", Prepare.examples
        "simulate", Simulate.examples
        "doctor", Doctor.examples
        "completion", Completion.examples
    ]

/// The parser of a whole line of arguments; a fault is an exception.
let parser () =
    ArgumentParser.Create<Arguments>(
        programName = "iqt",
        helpTextMessage = "Super-resolution of diffusion tensor images with reversible networks.",
        errorHandler = ExceptionExiter(),
        checkStructure = false
    )

let private run (streams: Streams) (arguments: ParseResults<Arguments>) =
    match arguments.GetAllResults() with
    | [ Demo arguments ] -> Demo.run streams arguments
    | [ Networks arguments ] -> Networks.run streams arguments
    | [ Describe arguments ] -> Describe.run streams arguments
    | [ Fit arguments ] -> Fit.run streams arguments
    | [ Maps arguments ] -> Maps.run streams arguments
    | [ Downsample arguments ] -> Downsample.run streams arguments
    | [ Dataset arguments ] -> Dataset.run streams arguments
    | [ Simulate arguments ] -> Simulate.run streams arguments
    | [ Prepare arguments ] -> Prepare.run streams arguments
    | [ Train arguments ] -> Train.run streams arguments
    | [ Predict arguments ] -> Predict.run streams arguments
    | [ Export arguments ] -> Interchange.export streams arguments
    | [ Import arguments ] -> Interchange.import streams arguments
    | [ Evaluate arguments ] -> Evaluate.run streams arguments
    | [ Experiment arguments ] -> Experiment.run streams arguments
    | [ Stats arguments ] -> Stats.run streams arguments
    | [ Check arguments ] -> Check.run streams arguments
    | [ New arguments ] -> New.run streams arguments
    | [ Bench arguments ] -> Bench.run streams arguments
    | [ Doctor arguments ] -> Doctor.run streams arguments
    | [ Completion arguments ] -> Completion.run streams (parser ()) arguments
    | [ Version ] ->
        streams.Out.WriteLine ProductVersion.line
        ExitCode.Success
    | _ -> raise (UsageException "name one command. iqt --help lists them.")

let private help (command: string option) (usage: string) =
    let examples =
        command
        |> Option.bind examples.TryFind
        |> Option.defaultValue [ "iqt demo"; "iqt fit --help" ]

    // Argu names the program alone, whose help is not the one that is meant.
    let usage =
        match command with
        | Some command -> usage.Replace("'iqt <subcommand>", $"'iqt {command} <subcommand>")
        | None -> usage

    let lines = examples |> List.map (fun example -> $"    {example}")
    String.concat "\n" ([ usage.TrimEnd(); ""; "EXAMPLES:"; "" ] @ lines)

// What went wrong in a line; with IQT_DEBUG=1 where, too.
let private report (streams: Streams) (error: exn) =
    let code, message = Failures.describe error
    streams.Say $"iqt: {message}"

    if Environment.GetEnvironmentVariable "IQT_DEBUG" = "1" then
        streams.Say(string error)

    code

/// Runs a line of arguments and returns the exit code; failures are said on the error stream.
let execute (streams: Streams) (line: string array) : int =
    let command = Array.tryHead line |> Option.filter examples.ContainsKey

    try
        if line.Length = 0 then
            streams.Say(help None (parser().PrintUsage()))
            ExitCode.Usage
        else
            match Array.tryFindIndex String.IsNullOrWhiteSpace line with
            | Some i ->
                let place =
                    if i = 0 then
                        "the first word"
                    else
                        $"the word behind '{line[i - 1]}'"

                raise (
                    UsageException
                        $"{place} is empty, a command, a name or a value was expected. Is a variable of the shell not set?"
                )
            | None -> ()

            let arguments =
                try
                    Ok(parser().ParseCommandLine(line, raiseOnUsage = true))
                with :? ArguParseException as e when e.ErrorCode = ErrorCode.HelpText ->
                    Error e.Message

            match arguments with
            | Ok arguments -> run streams arguments
            | Error usage ->
                streams.Out.WriteLine(help command usage)
                ExitCode.Success
    with
    | :? ArguParseException as e ->
        let tree = CommandTree.ofParser [ "iqt" ] (parser ())
        report streams (LineRefusal.ofMessage tree line e.Message)
    | e -> report streams e
