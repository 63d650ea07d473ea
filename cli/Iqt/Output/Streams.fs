namespace Iqt.Cli

open System
open System.IO
open System.Threading

/// Where a command writes: data to <c>Out</c>, messages and progress to <c>Error</c>.
type Streams = {
    /// Data.
    Out: TextWriter
    /// Messages and progress.
    Error: TextWriter
    /// Whether a person looks at <c>Error</c>: then progress is drawn as a bar.
    Interactive: bool
    /// Asked for by Ctrl-C.
    Cancellation: CancellationToken
} with

    /// The process's own streams.
    static member OfConsole cancellation = {
        Out = Console.Out
        Error = Console.Error
        Interactive =
            not Console.IsErrorRedirected
            && Environment.GetEnvironmentVariable "TERM" <> "dumb"
        Cancellation = cancellation
    }

    /// A line to the user, not data.
    member this.Say(line: string) = this.Error.WriteLine line

    /// The command's result: the JSON document if it was asked for, else text.
    member this.Result(asJson: bool, document: unit -> Text.Json.Nodes.JsonNode | null, text: TextWriter -> unit) =
        if asJson then
            this.Out.WriteLine(Json.format (document ()))
        else
            text this.Out

        this.Out.Flush()
