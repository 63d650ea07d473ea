/// Which processors workers are bound to.
module Iqt.Tests.Experiments.ProcessorTests

open Expecto
open FsCheck.FSharp
open Iqt.Experiments.Engines

// As the kernel writes a set of numbers: runs of them as first-last.
let private written (numbers: int list) =
    (numbers, [])
    ||> List.foldBack (fun number runs ->
        match runs with
        | (first, last) :: rest when first = number + 1 -> (number, last) :: rest
        | _ -> (number, number) :: runs)
    |> List.map (fun (first, last) -> if first = last then string first else $"{first}-{last}")
    |> String.concat ","

let private sets =
    Gen.choose (0, 40)
    |> Gen.nonEmptyListOf
    |> Gen.map (List.distinct >> List.sort)
    |> Arb.fromGen

[<Tests>]
let tests =
    testList "experiments/processors" [
        testPropertyWithConfig
            {
                FsCheckConfig.defaultConfig with
                    maxTest = 200
            }
            "a list of processors is read as it is written"
            (Prop.forAll sets (fun numbers ->
                Expect.equal (Processors.parse $"\t{written numbers}\n") (Some numbers) (written numbers)))

        test "what is no list of processors is none" {
            Expect.equal (Processors.parse "0-3,8") (Some [ 0; 1; 2; 3; 8 ]) "a list"

            for text in [ ""; " "; "a"; "3-1"; "0-"; "-1"; "0,,2"; "0-1-2"; "0;1"; "99999999999" ] do
                Expect.isNone (Processors.parse text) $"'{text}'"
        }

        test "workers share the processors that there are, whatever their numbers" {
            let allowed = [ 2; 3; 8; 9; 11 ]

            let ofWorker threads worker =
                Processors.ofWorker allowed threads worker

            Expect.equal [ for worker in 0..2 -> ofWorker 2 worker ] [ Some [ 2; 3 ]; Some [ 8; 9 ]; None ] "pairs"
            Expect.equal (ofWorker 1 4) (Some [ 11 ]) "the last"
            Expect.equal (ofWorker 6 0) None "more threads than processors"
            Expect.equal (Processors.ofWorker [] 1 0) None "where the system doesn't say"
        }

        test "this process may run on as many as .NET counts" {
            // .NET counts fewer where a quota of processor time is set.
            if System.OperatingSystem.IsLinux() then
                Expect.isGreaterThanOrEqual
                    (Processors.allowed ()).Length
                    System.Environment.ProcessorCount
                    "processors"
        }
    ]
