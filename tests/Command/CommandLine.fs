/// Runs the command in this process and keeps what it wrote.
module Iqt.Tests.Command.CommandLine

open System.IO
open System.Text.Json
open Expecto

/// Exit code and both streams of a run.
type Outcome = {
    Code: int
    Out: string
    Error: string
}

/// Runs <c>iqt</c> with the given arguments.
let iqt (arguments: string list) : Outcome =
    use out = new StringWriter()
    use error = new StringWriter()
    let code = Iqt.Cli.Program.run (List.toArray arguments) out error

    {
        Code = code
        Out = string out
        Error = string error
    }

/// Runs <c>iqt</c> and expects success.
let succeeds (arguments: string list) : Outcome =
    let outcome = iqt arguments
    Expect.equal outcome.Code 0 $"""iqt {String.concat " " arguments} succeeds; it said {outcome.Error}"""
    outcome

/// Expects a refusal: the exit code, nothing on standard output, one line that holds the given words, no trace.
let refuses (code: int) (words: string list) (arguments: string list) =
    let outcome = iqt arguments
    let line = String.concat " " arguments
    Expect.equal outcome.Code code $"exit code of iqt {line}; it said {outcome.Error}"
    Expect.equal outcome.Out "" $"iqt {line} leaves standard output empty"
    Expect.equal (outcome.Error.TrimEnd().Split('\n').Length) 1 $"iqt {line} says one line: {outcome.Error}"

    for word in words do
        Expect.stringContains outcome.Error word $"message of iqt {line}"

/// Parses standard output as exactly one JSON document.
let json (outcome: Outcome) : JsonElement =
    use document = JsonDocument.Parse outcome.Out
    document.RootElement.Clone()
