/// A Slurm of one node for a test; skips the test with a line where it can't be started.
module Iqt.Tests.Experiments.OneNodeSlurm

open System
open System.Diagnostics
open System.IO
open Expecto

let private script =
    Path.Combine(__SOURCE_DIRECTORY__, "..", "robustness", "one-node-slurm.sh")

let private call action folder =
    let start =
        ProcessStartInfo("bash", [ script; action; folder ], RedirectStandardOutput = true)

    use child = nonNull (Process.Start start)
    let output = child.StandardOutput.ReadToEnd().Trim()
    child.WaitForExit()
    child.ExitCode, output

/// Runs an action while Slurm runs; SLURM_CONF points at it.
let run (action: unit -> unit) =
    let folder = Directory.CreateTempSubdirectory("iqt-slurm-").FullName

    try
        match call "start" folder with
        | 0, configuration ->
            Environment.SetEnvironmentVariable("SLURM_CONF", configuration)

            try
                action ()
            finally
                Environment.SetEnvironmentVariable("SLURM_CONF", null)
        | 3, reason -> skiptest reason
        | code, output -> failtestf "one-node-slurm.sh ended with %d: %s" code output
    finally
        call "stop" folder |> ignore
        Directory.Delete(folder, true)

/// A Slurm command's output.
let command (program: string) (arguments: string list) =
    let start =
        ProcessStartInfo(program, arguments, RedirectStandardOutput = true, RedirectStandardError = true)

    use child = nonNull (Process.Start start)
    let output = child.StandardOutput.ReadToEnd().Trim()
    child.WaitForExit()
    output
