/// The command as a process of its own: what only the shell sees.
module Iqt.Tests.Command.ProcessTests

open System
open System.Diagnostics
open System.IO
open System.Runtime.InteropServices
open System.Text.Json
open Expecto
open Iqt.Cli
open Iqt.Tests
open Iqt.Tests.Command.CommandLine

[<DllImport("libc", SetLastError = true)>]
extern int private kill(int pid, int signal)

let private interrupt = 2 // SIGINT, what Ctrl-C sends
let private terminate = 15 // SIGTERM, what kill and schedulers send

let private start (arguments: string list) =
    let assembly = typeof<Streams>.Assembly.Location

    // Whoever runs the tests in the background of a shell has SIGINT ignored, and children inherit that.
    let info =
        ProcessStartInfo("env", RedirectStandardOutput = true, RedirectStandardError = true)

    for argument in "--default-signal=INT" :: "dotnet" :: assembly :: arguments do
        info.ArgumentList.Add argument

    info.Environment["OMP_NUM_THREADS"] <- "1"
    nonNull (Process.Start info)

let private finish (child: Process) : Outcome =
    let out = child.StandardOutput.ReadToEndAsync()
    let error = child.StandardError.ReadToEndAsync()

    if not (child.WaitForExit(TimeSpan.FromSeconds 90.0)) then
        child.Kill true
        failtest "the command did not end within 90 s"

    {
        Code = child.ExitCode
        Out = out.Result
        Error = error.Result
    }

// Two tiny phantoms as training data.
let private preparePhantoms (at: string -> string) (patches: int) =
    succeeds [ "simulate"; "--subjects"; "2"; "--scale"; "tiny"; "--out"; at "phantoms" ]
    |> ignore

    succeeds [
        "prepare"
        at "phantoms"
        "--out"
        at "prepared"
        "--patches"
        string patches
    ]
    |> ignore

[<Tests>]
let tests =
    testList "command/process" [
        test "a result on standard output, its exit code 0" {
            use child = start [ "networks"; "--json" ]
            let outcome = finish child
            Expect.equal outcome.Code ExitCode.Success outcome.Error
            Expect.equal outcome.Error "" "nothing on standard error"
            Expect.isGreaterThan ((json outcome).GetArrayLength()) 0 "one JSON document with networks"
        }

        test "a disk that fills up is told with the file's name, and leaves nothing half-written" {
            TestData.inTemporaryFolder (fun folder ->
                let at name = Path.Combine(folder, name)

                succeeds [ "simulate"; "--subjects"; "1"; "--scale"; "tiny"; "--out"; at "phantoms" ]
                |> ignore

                // No file of this shell's processes grows beyond 64 kB; the runtime's own memory is one unless told otherwise.
                let info =
                    ProcessStartInfo("bash", RedirectStandardOutput = true, RedirectStandardError = true)

                for argument in
                    [
                        "-c"
                        "trap '' XFSZ; ulimit -f 64; exec dotnet \"$@\""
                        "iqt"
                        typeof<Streams>.Assembly.Location
                        "fit"
                        at "phantoms/sub-01/dwi/sub-01_dwi.nii.gz"
                        "--mask"
                        at "phantoms/sub-01/dwi/sub-01_desc-brain_mask.nii.gz"
                        "--out"
                        at "fits/sub-01"
                    ] do
                    info.ArgumentList.Add argument

                info.Environment["DOTNET_EnableWriteXorExecute"] <- "0"
                use child = nonNull (Process.Start info)
                let outcome = finish child
                Expect.equal outcome.Code ExitCode.Data outcome.Error

                Expect.stringContains
                    outcome.Error
                    "sub-01_model-tensor_param-diffusivity_dwimap.nii.gz: can't be written"
                    "the file that was asked for"

                Expect.isEmpty
                    (Directory.GetFiles(at "fits", "*.nii.gz*")
                     |> Array.append (Directory.GetFiles(at "fits", ".*")))
                    "nothing half-written")
        }

        test "a refusal on standard error, its exit code" {
            use child = start [ "describe"; "nope" ]
            let outcome = finish child
            Expect.equal outcome.Code ExitCode.Usage "exit code"
            Expect.equal outcome.Out "" "nothing on standard output"
            Expect.equal (outcome.Error.TrimEnd().Split('\n').Length) 1 outcome.Error
        }

        for name, signal in [ "Ctrl-C", interrupt; "SIGTERM", terminate ] do
            test $"{name} ends a training with 130 and leaves no half-written file" {
                TestData.inTemporaryFolder (fun folder ->
                    let at name = Path.Combine(folder, name)

                    preparePhantoms at 12

                    use child =
                        start [
                            "train"
                            "espcn"
                            "--data"
                            at "prepared"
                            "--out"
                            at "run"
                            "--epochs"
                            "100000"
                        ]

                    let metrics = at "run/metrics.jsonl"
                    let clock = Stopwatch.StartNew()

                    while not (File.Exists metrics)
                          && not child.HasExited
                          && clock.Elapsed.TotalSeconds < 60.0 do
                        Threading.Thread.Sleep 20

                    Expect.isTrue (File.Exists metrics) "an epoch was finished"
                    Expect.equal (kill (child.Id, signal)) 0 "the signal was sent"
                    let outcome = finish child
                    Expect.equal outcome.Code ExitCode.Cancelled outcome.Error
                    Expect.equal outcome.Out "" "no result"
                    Expect.stringContains outcome.Error "cancelled" "message"

                    Expect.stringContains
                        outcome.Error
                        $"""Go on with: iqt train --resume --data {at "prepared"} --out {at "run"}"""
                        "how to go on"

                    for line in File.ReadAllLines metrics do
                        use epoch = JsonDocument.Parse line
                        Expect.equal epoch.RootElement.ValueKind JsonValueKind.Object "a whole line"

                    let complete =
                        Set [
                            "settings.json"
                            "subjects.tsv"
                            "versions.json"
                            "metrics.jsonl"
                            "best.safetensors"
                            "last.safetensors"
                        ]

                    let left =
                        Directory.GetFiles(at "run", "*", SearchOption.AllDirectories)
                        |> Array.map (fun path -> string (Path.GetFileName path))
                        // TensorBoard's, whose name ends in the process's number, and the lock, which only a live process holds.
                        |> Array.filter (fun name ->
                            name <> "run.lock"
                            && not (name.StartsWith("events.out.tfevents", StringComparison.Ordinal)))

                    Expect.equal (Set left) complete "files of the run, none temporary"

                    // The last checkpoint is whole: the run can be used.
                    succeeds [ "evaluate"; at "run"; "--data"; at "prepared"; "--subjects"; "sub-01" ]
                    |> ignore)
            }

        test "a study whose data is not there ends with 1, a line and a report" {
            TestData.inTemporaryFolder (fun folder ->
                let at name = Path.Combine(folder, name)

                let script = [
                    "#r \"TorchSharp.dll\""
                    "#r \"Argu.dll\""
                    "#r \"Iqt.Reversible.dll\""
                    "#r \"Iqt.Diffusion.dll\""
                    "#r \"Iqt.Training.dll\""
                    "#r \"Iqt.Experiments.dll\""
                    "open Iqt.Experiments"
                    "open Iqt.Experiments.Studies"
                    "let failing () ="
                    "    study \"failing\" {"
                    "        prepared \"" + at "absent" + "\""
                    "        testSubjects 1"
                    "        subjects 2"
                    "        network \"espcn\" \"espcn\" []"
                    "        seeds 1"
                    "    }"
                    "exit (Script.run [ \"only\", failing ] fsi.CommandLineArgs)"
                ]

                File.WriteAllLines(at "failing.fsx", script)
                use child = start [ "experiment"; "run"; at "failing.fsx"; "--out"; at "study" ]
                let outcome = finish child
                Expect.equal outcome.Code ExitCode.CheckFailed outcome.Error
                Expect.stringContains outcome.Error "Run iqt prepare first" "what to do"
                Expect.isTrue (File.Exists(at "study/report.html")) "the report"
                File.Delete(at "study/report.html")
                let report = succeeds [ "experiment"; "report"; at "study" ]
                Expect.stringContains report.Out (at "study/report.html") "where it is"
                Expect.isTrue (File.Exists(at "study/report.html")) "the report again"
                let status = succeeds [ "experiment"; "status"; at "study" ]
                Expect.stringContains status.Out "failed" "what a unit is at"

                refuses ExitCode.Data [ "no unit 'none'"; "iqt experiment status" ] [
                    "experiment"
                    "work"
                    at "study"
                    "--unit"
                    "none"
                ]

                Expect.isFalse (outcome.Error.Contains "   at ") $"no trace: {outcome.Error}")
        }

        test "a loss that is no number ends with 4" {
            TestData.inTemporaryFolder (fun folder ->
                let at name = Path.Combine(folder, name)

                preparePhantoms at 24

                refuses ExitCode.Numerical [ "NaN"; "learning rate"; "finite" ] [
                    "train"
                    "espcn"
                    "--data"
                    at "prepared"
                    "--out"
                    at "run"
                    "--learning-rate"
                    "1e30"
                ])
        }
    ]
