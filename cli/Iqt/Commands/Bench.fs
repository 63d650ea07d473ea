/// <c>iqt bench</c>: memory and time of training steps.
module Iqt.Cli.Commands.Bench

open Argu
open Iqt.Cli

type Arguments =
    | [<CliPrefix(CliPrefix.None)>] Memory of ParseResults<BenchMemory.Arguments>
    | [<CliPrefix(CliPrefix.None)>] Speed of ParseResults<BenchSpeed.Arguments>

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Memory _ -> "peak memory of a step, each cell in a process of its own."
            | Speed _ -> "time of a step, the modes in turns in one process."

let examples = BenchMemory.examples @ BenchSpeed.examples

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    match arguments.GetAllResults() with
    | [ Memory arguments ] -> BenchMemory.run streams arguments
    | [ Speed arguments ] -> BenchSpeed.run streams arguments
    | _ -> raise (UsageException "name one benchmark, memory or speed. See iqt bench --help.")
