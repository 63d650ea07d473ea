/// `iqt completion bash`, asked by a real bash.
module Iqt.Tests.Command.CompletionTests

open System
open System.Diagnostics
open System.IO
open Expecto
open Iqt.Cli.Completion
open Iqt.Tests
open Iqt.Tests.Command.CommandLine

let rec private nodes (node: CommandTree.Node) =
    node :: List.collect nodes node.Commands

let private tree =
    lazy (nodes (CommandTree.ofParser [ "iqt" ] (Iqt.Cli.Command.parser ())))

let private bash =
    [ "/bin/bash"; "/usr/bin/bash"; "/usr/local/bin/bash" ]
    |> List.tryFind File.Exists

// What bash offers for the last of these words, in a folder with the files a.nii.gz and b c.txt.
let private offers (words: string list) =
    match bash with
    | None -> skiptest "there is no bash"
    | Some bash ->
        TestData.inTemporaryFolder (fun folder ->
            let script = Path.Combine(folder, "completion.sh")
            File.WriteAllText(script, (succeeds [ "completion"; "bash" ]).Out)
            let data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName

            for name in [ "a.nii.gz"; "b c.txt" ] do
                File.WriteAllText(Path.Combine(data, name), "")

            let info =
                ProcessStartInfo(
                    bash,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    WorkingDirectory = data
                )

            let ask =
                "source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); "
                + "complete -p iqt > /dev/null && _iqt && printf '%s\\n' \"${COMPREPLY[@]}\""

            for argument in [ "--norc"; "-c"; ask; "bash"; script ] @ words do
                info.ArgumentList.Add argument

            use shell = nonNull (Process.Start info)
            let error = shell.StandardError.ReadToEndAsync()
            let out = shell.StandardOutput.ReadToEnd()
            shell.WaitForExit()
            Expect.equal (shell.ExitCode, error.Result) (0, "") "bash runs the script"
            out.Split('\n', StringSplitOptions.RemoveEmptyEntries) |> List.ofArray)

/// Others beside them: whoever adds a network to models/ completes its name too.
let private areNetworks (prefix: string) offered known =
    Expect.containsAll offered known "the networks"
    Expect.all offered (fun (name: string) -> name.StartsWith prefix) "and nothing else"

[<Tests>]
let tests =
    testList "command/completion" [
        test "commands by their beginning" {
            Expect.equal (offers [ "iqt"; "ch" ]) [ "check" ] "check"
            Expect.equal (offers [ "iqt"; "bench"; "" ]) [ "memory"; "speed" ] "subcommands"
            Expect.isGreaterThan (offers [ "iqt"; "" ]).Length 20 "all commands"
        }
        test "networks where a network is named" {
            areNetworks "espcn" (offers [ "iqt"; "check"; "espcn" ]) [ "espcn"; "espcn-rn" ]
            areNetworks "espcn-" (offers [ "iqt"; "bench"; "memory"; "espcn-" ]) [ "espcn-rn" ]
        }
        test "options, and the words that one takes" {
            Expect.contains (offers [ "iqt"; "check"; "espcn"; "--d" ]) "--dtype" "an option"

            Expect.equal (offers [ "iqt"; "check"; "espcn"; "--dtype"; "" ]) [ "float32"; "float64" ] "its words"
        }
        test "a setting, which bash takes apart, is one word" {
            areNetworks "espcn" (offers [ "iqt"; "describe"; "--set"; "Blocks"; "="; "4"; "espcn" ]) [
                "espcn"
                "espcn-rn"
            ]
        }
        test "names of files elsewhere" {
            Expect.equal (offers [ "iqt"; "fit"; "" ] |> List.sort) [ "a.nii.gz"; "b c.txt" ] "an argument"
            Expect.equal (offers [ "iqt"; "train"; "espcn"; "--data"; "a" ]) [ "a.nii.gz" ] "an option's value"
        }
        test "a command of each node of Argu's tree is a word of the script" {
            let script = (succeeds [ "completion"; "bash" ]).Out

            for node in tree.Value do
                Expect.stringContains script ("\"" + String.concat " " node.Words + "\")") "an entry"
        }
        test "every command's help has an example of itself" {
            for node in tree.Value do
                if node.Words.Length > 1 then
                    let help = (succeeds (List.tail node.Words @ [ "--help" ])).Out
                    let command = node.Words |> List.truncate 2 |> String.concat " "
                    Expect.stringContains help $"    {command}" $"""an example of {String.concat " " node.Words}"""
        }
        test "a shell that is not known is refused" {
            refuses Iqt.Cli.ExitCode.Usage [ "fish" ] [ "completion"; "fish" ]
        }
    ]
