/// <c>iqt completion</c>: a script that completes commands, options and networks in a shell.
module Iqt.Cli.Commands.Completion

open System.Text.RegularExpressions
open Argu
open Iqt.Cli
open Iqt.Cli.Completion

type Shell = | Bash

type Arguments =
    | [<MainCommand; ExactlyOnce>] Shell of SHELL: Shell

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Shell _ -> "the shell to write for; its networks are those of now, with those of IQT_PLUGINS."

let examples = [ "iqt completion bash > iqt-completion.sh"; "source <(iqt completion bash)" ]

let run (streams: Streams) (parser: ArgumentParser) (arguments: ParseResults<Arguments>) =
    match arguments.GetResult Shell with
    | Bash ->
        // The shell would run what it reads: a plugin's name that is no plain word is not completed.
        let networks = [
            for network in (Options.catalog ()).Declarations do
                if Regex.IsMatch(network.Name, @"^[\w.-]+$") then
                    network.Name
        ]

        streams.Out.WriteLine(BashScript.text ProductVersion.iqt (CommandTree.ofParser [ "iqt" ] parser) networks)
        ExitCode.Success
