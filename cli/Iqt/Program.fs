module Iqt.Cli.Program

open System
open System.IO
open System.Runtime.InteropServices
open System.Threading

/// Runs the command with other streams than the process's own and returns the exit code.
let run (arguments: string array) (out: TextWriter) (error: TextWriter) : int =
    Command.execute
        {
            Out = out
            Error = error
            Interactive = false
            Cancellation = CancellationToken.None
        }
        arguments

[<EntryPoint>]
let main arguments =
    // Console would otherwise write question marks for × and ² where the locale is "C".
    Console.OutputEncoding <- Text.UTF8Encoding false
    use cancellation = new CancellationTokenSource()

    Console.CancelKeyPress.Add(fun pressed ->
        // The first Ctrl-C ends the work cleanly, a second one ends the process at once.
        pressed.Cancel <- not cancellation.IsCancellationRequested
        cancellation.Cancel())

    // Schedulers and kill end a process by SIGTERM: a training says then, too, how it goes on.
    use _ =
        PosixSignalRegistration.Create(
            PosixSignal.SIGTERM,
            fun context ->
                context.Cancel <- not cancellation.IsCancellationRequested
                cancellation.Cancel()
        )

    Command.execute (Streams.OfConsole cancellation.Token) arguments
