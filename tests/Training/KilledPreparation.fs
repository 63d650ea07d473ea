/// Kills <c>iqt prepare</c> at random moments, starts it again, and compares what it ends in with an undisturbed run.
module Iqt.Tests.Training.KilledPreparation

open System
open System.Diagnostics
open System.IO
open System.Security.Cryptography
open Iqt.Diffusion.Phantom
open Iqt.Tests

/// How many kills came before the preparation was finished, and which files differ in the end.
type Outcome = {
    Interrupted: int
    Differences: string list
}

/// Every file below a folder with the hash of its bytes.
let contents (folder: string) : Map<string, string> =
    Map [
        for file in
            Directory.EnumerateFiles(
                folder,
                "*",
                EnumerationOptions(RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None)
            ) -> Path.GetRelativePath(folder, file), Convert.ToHexString(SHA256.HashData(File.ReadAllBytes file))
    ]

let private start (dataset: string) (output: string) =
    let program = Path.Combine(AppContext.BaseDirectory, "iqt.dll")

    let settings =
        ProcessStartInfo("dotnet", RedirectStandardOutput = true, RedirectStandardError = true)

    for argument in
        [
            program
            "prepare"
            dataset
            "--out"
            output
            "--patches"
            "50"
            "--jobs"
            "2"
        ] do
        settings.ArgumentList.Add argument

    nonNull (Process.Start settings)

let private finish (dataset: string) (output: string) =
    let clock = Stopwatch.StartNew()
    use running = start dataset output
    let error = running.StandardError.ReadToEndAsync()
    running.StandardOutput.ReadToEnd() |> ignore
    running.WaitForExit()

    if running.ExitCode <> 0 then
        failwithf "iqt prepare ended with %d: %s" running.ExitCode error.Result

    clock.Elapsed

/// Kills <c>kills</c> times while <c>subjects</c> tiny phantoms are prepared.
let run (seed: int) (kills: int) (subjects: int) : Outcome =
    TestData.inTemporaryFolder (fun folder ->
        let at name = Path.Combine(folder, name)
        Simulation.Write(SimulationSettings(subjects, PhantomScale.Tiny, uint64 seed), at "data")
        let duration = finish (at "data") (at "whole")
        let random = Random seed
        let mutable interrupted = 0

        for _ in 1..kills do
            use running = start (at "data") (at "killed")
            running.StandardError.ReadToEndAsync() |> ignore
            // From the start of the runtime to where several subjects are finished.
            let moment = 0.25 * duration * random.NextDouble() + TimeSpan.FromSeconds 0.2

            if not (running.WaitForExit moment) then
                running.Kill()
                running.WaitForExit()
                interrupted <- interrupted + 1

        finish (at "data") (at "killed") |> ignore
        let expected, found = contents (at "whole"), contents (at "killed")

        {
            Interrupted = interrupted
            Differences = [
                for name in Set.union (set expected.Keys) (set found.Keys) do
                    if expected.TryFind name <> found.TryFind name then
                        name
            ]
        })

/// Names the long run on the command line of the tests: this, a seed and a number of kills.
let killArgument = "--kill-prepare"

/// Prints what a long run found; the exit code says whether anything differed.
let report (seed: int) (kills: int) =
    let outcome = run seed kills 40

    printfn
        $"killed {kills} times, {outcome.Interrupted} of them before the end, seed {seed}: {outcome.Differences.Length} files differ"

    outcome.Differences |> List.iter (printfn "%s")
    if outcome.Differences.IsEmpty then 0 else 1
