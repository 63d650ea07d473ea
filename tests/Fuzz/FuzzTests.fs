/// Damaged files are read or refused with a message; they never crash, hang, take much memory or have anything written.
module Iqt.Tests.Fuzz.FuzzTests

open System
open System.IO
open Expecto
open Iqt.Cli
open Iqt.Tests
open Iqt.Tests.Command.CommandLine

/// Names the long run on the command line of the tests: this, a seed and a number of files for each reader.
let fuzzArgument = "--fuzz"

/// Prints what a long run found; the exit code says whether anything failed.
let report (seed: int) (count: int) =
    let outcomes = [
        for _, reader in Readers.all do
            let outcome = FuzzRun.run seed count reader.Value

            printfn
                $"{reader.Value.Name}: {count} damaged files, seed {seed}: {outcome.Read} read, {outcome.Refused} refused, {outcome.Failures.Length} failures"

            outcome.Failures |> List.truncate 20 |> List.iter (printfn "%s")
            outcome
    ]

    if outcomes |> List.forall _.Failures.IsEmpty then 0 else 1

[<Tests>]
let tests =
    testList "fuzz" [
        for name, reader in Readers.all do
            test name {
                Expect.equal reader.Value.Name name "its own name"

                let outcome = FuzzRun.run 1 (if name = "NIfTI" then 3000 else 400) reader.Value

                Expect.equal outcome.Failures [] "failures"

                // What is taken for a plugin that uses nothing of Iqt is always refused.
                if name <> "plugin" then
                    Expect.isGreaterThan outcome.Read 5 "some are still read"

                Expect.isGreaterThan outcome.Refused 5 "some are refused"
            }

        test "a reader that does what it must not is found" {
            let reader read : Reader = {
                Name = "bad"
                Furnish = ignore
                Originals = [| "x", "1 2 3"B |]
                Damage = Damage.any Damage.text
                Read = read
                Plausible = fun _ -> 1_000_000L
            }

            let failures read =
                (FuzzRun.run 1 1 (reader read)).Failures

            let found what read =
                Expect.stringContains (String.concat "; " (failures read)) what what

            found "unexpected" (fun _ -> raise (InvalidCastException()))
            found "allocated" (fun _ -> Array.zeroCreate<byte> 2_000_000 |> ignore)
            found "wrote" (fun folder -> File.WriteAllText(Path.Combine(folder, "..", "..", "y"), ""))
            Expect.isEmpty (failures ignore) "nothing"
        }

        for path in
            [
                ""
                " "
                "\u0000"
                "a\u0000b.dll"
                String('x', 5000)
                "/dev/null"
                "/dev/zero"
                "/"
                "."
            ] do
            test $"a plugin's path '{path.Replace('\u0000', '0') |> Seq.truncate 20 |> String.Concat}' is refused" {
                let outcome = iqt [ "networks"; "--plugin"; path ]
                Expect.contains [ ExitCode.Usage; ExitCode.Data ] outcome.Code outcome.Error
                Expect.equal outcome.Out "" "nothing on standard output"
                Expect.equal (outcome.Error.TrimEnd().Split('\n').Length) 1 outcome.Error
            }
    ]
