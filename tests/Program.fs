module Iqt.Tests.Program

open Expecto
open Expecto.Impl

/// Runs every test and ends with one plain line that any reader of logs understands.
let private runTests arguments =
    let mutable last: TestRunSummary option = None

    let printer = {
        TestPrinters.defaultPrinter with
            summary =
                fun config summary ->
                    last <- Some summary
                    TestPrinters.defaultPrinter.summary config summary
    }

    let exitCode =
        runTestsInAssemblyWithCLIArgs [ CLIArguments.Printer printer; CLIArguments.No_Spinner ] arguments

    match last with
    | None -> ()
    | Some summary ->
        for test, result in summary.results do
            match result.result with
            | TestResult.Ignored reason -> printfn "skipped: %s: %s" (String.concat "." test.name) reason
            | _ -> ()

        let passed, skipped = summary.passed.Length, summary.ignored.Length
        let failed = summary.failed.Length + summary.errored.Length
        printfn "%d passed, %d failed, %d skipped" passed failed skipped

    match last with
    // A misspelt filter would look like success.
    | Some summary when summary.results.IsEmpty && arguments |> Array.exists _.StartsWith("--filter") ->
        eprintfn
            "No test was run: the filter names none. A list is named by what --list-tests prints before the last point, without the lists around it where it has lists within."

        1
    | _ -> exitCode

[<EntryPoint>]
let main arguments =
    Iqt.Reversible.Natives.TorchNatives.EnsureLoaded()

    match arguments with
    | [| argument |] when argument = Reversible.MemoryTests.measureArgument ->
        Reversible.MemoryTests.measure ()
        0
    | [| argument; count |] when argument = Generators.RandomTests.runArgument -> Generators.RandomTests.run count None
    | [| argument; count; seed |] when argument = Generators.RandomTests.runArgument ->
        Generators.RandomTests.run count (Some seed)
    | [| argument; seed; count |] when argument = Fuzz.FuzzTests.fuzzArgument ->
        Fuzz.FuzzTests.report (int seed) (int count)
    | [| argument; seed; kills |] when argument = Training.KilledPreparation.killArgument ->
        Training.KilledPreparation.report (int seed) (int kills)
    | _ -> runTests arguments
