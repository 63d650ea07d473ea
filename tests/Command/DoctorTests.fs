/// `iqt doctor`: what it finds, what it makes of it, and that it says so where natives are missing.
module Iqt.Tests.Command.DoctorTests

open System
open System.Diagnostics
open System.IO
open System.Text.Json
open Expecto
open Iqt.Cli
open Iqt.Cli.Findings
open Iqt.Reversible.Natives
open Iqt.Tests
open Iqt.Tests.Command.CommandLine

let private subjects = [
    "runtime"
    "SDK"
    "libtorch"
    "libstdc++"
    "GPU"
    "processor"
    "threads"
    if File.Exists "/proc/stat" then
        "load"
    "memory"
    "disk"
]

let private findings (outcome: Outcome) = [ for f in (json outcome).GetProperty("findings").EnumerateArray() -> f ]

let private text (name: string) (finding: JsonElement) =
    string (finding.GetProperty(name).GetString())

let private verdictOf subject (outcome: Outcome) =
    findings outcome
    |> List.find (fun f -> text "subject" f = subject)
    |> text "verdict"

// The command's assemblies without libtorch, as after a copy that went wrong.
let private copyWithoutNatives (folder: string) =
    let source = nonNull (Path.GetDirectoryName typeof<Streams>.Assembly.Location)

    for path in Directory.GetFiles source do
        let name = nonNull (Path.GetFileName path)

        let wanted =
            name.EndsWith(".dll", StringComparison.Ordinal)
            || name = "iqt.runtimeconfig.json"

        if wanted then
            File.Copy(path, Path.Combine(folder, name))

    Path.Combine(folder, "iqt.dll")

let private start (assembly: string) (arguments: string list) : Outcome =
    let info =
        ProcessStartInfo("dotnet", RedirectStandardOutput = true, RedirectStandardError = true)

    for argument in assembly :: arguments do
        info.ArgumentList.Add argument

    info.Environment.Remove "IQT_LIBTORCH" |> ignore
    use child = nonNull (Process.Start info)
    let error = child.StandardError.ReadToEndAsync()
    let out = child.StandardOutput.ReadToEnd()
    child.WaitForExit()

    {
        Code = child.ExitCode
        Out = out
        Error = error.Result
    }

let private version (text: string) : Version | null = Version.Parse text

let private report (offered: Version | null) needed failure =
    NativesReport(
        failure,
        "/n/libLibTorchSharp.so",
        "/n/libtorch_cpu.so",
        "/n/libstdc++.so.6",
        version "3.4.32",
        needed,
        offered
    )

[<Tests>]
let tests =
    testList "command/doctor" [
        test "every subject is found and explained; the exit code follows the verdicts" {
            let outcome = iqt [ "doctor"; "--json" ]
            let found = findings outcome
            Expect.equal (found |> List.map (text "subject")) subjects "subjects"

            for finding in found do
                Expect.isNotEmpty (text "found" finding) "what was found"
                Expect.isNotEmpty (text "meaning" finding) "what it means"

                if text "verdict" finding <> "good" then
                    Expect.isNotEmpty (text "remedy" finding) "what to do"

            let works = found |> List.forall (fun f -> text "verdict" f <> "problem")
            Expect.equal ((json outcome).GetProperty("works").GetBoolean()) works "works"
            Expect.equal outcome.Code (if works then ExitCode.Success else ExitCode.Environment) "exit code"
            Expect.equal (verdictOf "libtorch" outcome) "good" "the tests run with it"
        }

        test "as text it names every subject" {
            let lines = (iqt [ "doctor" ]).Out.Split '\n'

            for subject in subjects do
                Expect.exists lines (fun line -> line.Contains $" {subject} ") subject
        }

        test "without natives it says what is missing and ends with 5" {
            TestData.inTemporaryFolder (fun folder ->
                let command = copyWithoutNatives folder
                let outcome = start command [ "doctor"; "--json" ]
                Expect.equal outcome.Code ExitCode.Environment outcome.Error
                Expect.equal outcome.Error "" "no trace"
                Expect.equal (findings outcome |> List.map (text "subject")) subjects "subjects"
                Expect.equal (verdictOf "libtorch" outcome) "problem" "libtorch"
                Expect.isFalse ((json outcome).GetProperty("works").GetBoolean()) "works"

                let remedy =
                    findings outcome
                    |> List.find (fun f -> text "subject" f = "libtorch")
                    |> text "remedy"

                Expect.stringContains remedy "libtorch.so" "the file"
                Expect.stringContains remedy folder "where it was looked for"
                Expect.stringContains remedy "IQT_LIBTORCH" "the way out"
                Expect.equal (start command [ "--version" ]).Code ExitCode.Success "the version is still said")
        }

        test "a C++ library is judged by what TorchSharp needs of it, not by what it asks for" {
            let verdict offered needed =
                (SoftwareFindings.cppLibrary (report offered needed "does not load")).Verdict

            Expect.equal (verdict (version "3.4.33") (version "3.4.30")) Good "newer"
            Expect.equal (verdict (version "3.4.30") (version "3.4.30")) Good "what is needed"
            Expect.equal (verdict (version "3.4.29") (version "3.4.30")) Problem "older"
            Expect.equal (verdict null (version "3.4.30")) Note "not found"
        }

        test "processor, threads, memory and disk are judged by what they mean" {
            let verdict (finding: Finding) = finding.Verdict
            Expect.equal (verdict (MachineFindings.processor (Set [ "avx2" ]))) Good "AVX2"
            Expect.equal (verdict (MachineFindings.processor Set.empty)) Note "no AVX2"
            Expect.equal (verdict (MachineFindings.threads 8 None)) Good "all threads"
            Expect.equal (verdict (MachineFindings.threads 8 (Some "2"))) Note "fewer threads"
            Expect.equal (verdict (MachineFindings.threads 8 (Some "two"))) Note "no number"
            Expect.equal (verdict (MachineFindings.load 8 0.2 None)) Good "an idle machine"
            Expect.equal (verdict (MachineFindings.load 8 7.5 None)) Note "others compute"
            Expect.equal (verdict (MachineFindings.load 8 7.5 (Some "PASSIVE"))) Good "threads that sleep"
            Expect.equal (verdict (MachineFindings.memory 8_000_000_000L None)) Good "memory"
            Expect.equal (verdict (MachineFindings.memory 8_000_000_000L (Some 900_000_000L))) Note "little is free"
            Expect.equal (verdict (MachineFindings.disk "/" 50_000_000_000L)) Good "disk"
            Expect.equal (verdict (MachineFindings.disk "/" 1_000_000_000L)) Note "small disk"
            Expect.equal (verdict (MachineFindings.disk "/" 1_000_000L)) Note "full disk"
        }

        test "remedies are in the message, not in a page that a published folder lacks" {
            let all = [
                SoftwareFindings.gpu 1 true
                SoftwareFindings.gpu 0 true
                SoftwareFindings.gpu 0 false
                yield! SoftwareFindings.all ()
                yield! MachineFindings.all ()
            ]

            for finding in all do
                for text in finding.Meaning :: Option.toList finding.Remedy do
                    Expect.isFalse (text.Contains "docs/" || text.Contains ".md") text
        }

        test "the SDK is told by its version" {
            TestData.inTemporaryFolder (fun folder ->
                let verdict () = (SoftwareFindings.sdk folder).Verdict
                Expect.equal (SoftwareFindings.sdk(Path.Combine(folder, "absent")).Verdict) Note "no folder"
                Expect.equal (verdict ()) Note "none"
                Directory.CreateDirectory(Path.Combine(folder, "8.0.100")) |> ignore
                Expect.equal (verdict ()) Note "too old"
                Directory.CreateDirectory(Path.Combine(folder, "10.0.100-rc.1")) |> ignore
                Expect.equal (verdict ()) Good "10.0")
        }

        test "--version names everything that decides what is computed" {
            let line = (succeeds [ "--version" ]).Out
            Expect.equal (line.TrimEnd().Split('\n').Length) 1 "one line"

            for word in [ "iqt "; "TorchSharp "; "libtorch "; ".NET " ] do
                Expect.stringContains line word "versions"
        }
    ]
