/// What an exception means to the person at the keyboard: a message and an exit code.
module Iqt.Cli.Failures

open System
open System.IO
open Iqt.Diffusion
open Iqt.Reversible
open Iqt.Reversible.Natives
open Iqt.Training

// ArgumentException appends " (Parameter 'x')", which names nothing that was typed.
let private withoutParameter (error: ArgumentException) =
    match error.ParamName with
    | null -> error.Message
    | name -> error.Message.Replace($" (Parameter '{name}')", "")

// A setting refused by Iqt's libraries is the user's; the same exception from elsewhere is a fault of ours.
let private fromIqt (error: exn) =
    match error.Source with
    | null -> false
    | source -> source.StartsWith("iqt", StringComparison.OrdinalIgnoreCase)

// The runtime names an assembly with its culture; a data file has no such name.
let private missingAssembly (error: exn) =
    let name =
        match error with
        | :? FileNotFoundException as e -> e.FileName
        | :? FileLoadException as e -> e.FileName
        | :? BadImageFormatException as e -> e.FileName
        | _ -> null

    match name with
    | null -> None
    | name when name.Contains ", Culture=" -> Some(name.Split(',')[0])
    | _ -> None

let rec private unwrap (error: exn) =
    match error with
    | :? AggregateException as several when several.InnerExceptions.Count > 0 ->
        // Several workers that fail at once fail of one cause; without memory the others' faults may follow from it.
        several.Flatten().InnerExceptions
        |> Seq.tryFind (fun inner -> inner :? OutOfMemoryException)
        |> Option.defaultValue several.InnerExceptions[0]
        |> unwrap
    | _ -> error

/// The exit code and the message of an exception.
let describe (error: exn) : int * string =
    match unwrap error with
    | e when (missingAssembly e).IsSome ->
        ExitCode.Environment,
        $"the installation is damaged: {(missingAssembly e).Value}.dll can't be loaded. Build or install Iqt again."
    | :? UsageException as e -> ExitCode.Usage, e.Message
    | :? CellException as e -> e.Code, e.Message
    | :? ModuleException as e -> ExitCode.Usage, e.Message
    | :? SegmentException as e -> ExitCode.Usage, e.Message
    | :? LossException as e -> ExitCode.Usage, e.Message
    | :? UnknownNetworkException as e ->
        ExitCode.Usage,
        $"{e.Message} A network of your own needs the plugin that declares it: --plugin MY.dll, or IQT_PLUGINS."
    | :? DataException as e -> ExitCode.Data, e.Message
    | :? NumericalException as e -> ExitCode.Numerical, e.Message
    | :? NativesException as e -> ExitCode.Environment, e.Message
    | :? DeviceUnavailableException as e -> ExitCode.Environment, e.Message
    | :? OutOfMemoryException ->
        ExitCode.Environment, "the memory is used up. Choose a smaller image or batch, or mode reversible."
    | :? OperationCanceledException -> ExitCode.Cancelled, "cancelled."
    | :? ArgumentException as e when fromIqt e -> ExitCode.Usage, withoutParameter e
    | :? IOException
    | :? UnauthorizedAccessException as e -> ExitCode.Data, e.Message
    | e ->
        ExitCode.Unexpected,
        $"unexpected {e.GetType().Name}: {e.Message.Split('\n')[0]} (IQT_DEBUG=1 shows where; please report it)"
