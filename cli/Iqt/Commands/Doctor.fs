/// <c>iqt doctor</c>: what Iqt found on this machine and what it means.
module Iqt.Cli.Commands.Doctor

open System.IO
open Argu
open Iqt.Cli
open Iqt.Cli.Findings

type Arguments =
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Json -> "print one JSON document."

let examples = [ "iqt doctor"; "iqt doctor --json" ]

let private word (verdict: Verdict) = (string verdict).ToLowerInvariant()

let private hasProblem (findings: Finding list) =
    findings |> List.exists (fun finding -> finding.Verdict = Problem)

let private document (findings: Finding list) =
    Json.object [
        "version", Json.text ProductVersion.iqt
        "works", Json.flag (not (hasProblem findings))
        "findings",
        Json.list [
            for finding in findings ->
                Json.object [
                    "subject", Json.text finding.Subject
                    "verdict", Json.text (word finding.Verdict)
                    "found", Json.text finding.Found
                    "meaning", Json.text finding.Meaning
                    "remedy", finding.Remedy |> Option.map Json.text |> Option.defaultValue null
                ]
        ]
    ]

let private list (findings: Finding list) (writer: TextWriter) =
    let width = findings |> List.map _.Subject.Length |> List.max
    let indent = String.replicate (width + 11) " "

    for finding in findings do
        WrappedText.write $"%-8s{word finding.Verdict} %s{finding.Subject.PadRight width}  " finding.Found writer
        WrappedText.write indent finding.Meaning writer

        match finding.Remedy with
        | Some remedy -> WrappedText.write $"{indent}→ " remedy writer
        | None -> ()

    writer.WriteLine()

    writer.WriteLine(
        if hasProblem findings then
            "A part of Iqt does not work here: see each problem's arrow."
        else
            "Iqt works here. iqt demo --quick tries all of it in about fifteen seconds."
    )

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let findings = SoftwareFindings.all () @ MachineFindings.all ()
    streams.Result(arguments.Contains Json, (fun () -> document findings), list findings)

    if hasProblem findings then
        ExitCode.Environment
    else
        ExitCode.Success
