/// Parts of the demo that need no training.
module Iqt.Tests.Experiments.DemoTests

open System
open Expecto
open Iqt.Experiments
open Iqt.Experiments.Demo
open Iqt.Training

[<Tests>]
let tests =
    testList "experiments/demo" [
        test "the report says how many epochs there were, not how many there might have been" {
            let ended epochs =
                TrainingResult(epochs, epochs, 3, 0.5, true, TimeSpan.Zero)

            let words = DemoRun.describe (DemoSettings.standard "demo") (ended 17) (ended 8)
            Expect.stringContains words "espcn was trained for 17 epochs" "of at most 24"
            Expect.stringContains words "espcn-rn (RevNet blocks per stack: 2) for 8" "the other one"
        }

        test "what was opened is disposed of where the next can't be opened" {
            let disposed = ResizeArray<string>()

            let opener name =
                name,
                fun () ->
                    { new IDisposable with
                        member _.Dispose() = disposed.Add name
                    }

            let broken: string * (unit -> IDisposable) = "c", (fun () -> failwith "no such run")

            Expect.throws
                (fun () -> OpenedTogether.using [ opener "a"; opener "b"; broken; opener "d" ] ignore)
                "the failure is said"

            Expect.equal (List.ofSeq disposed) [ "a"; "b" ] "those that were open"
            disposed.Clear()
            let names = OpenedTogether.using [ opener "a"; opener "b" ] (List.map fst)
            Expect.equal (names, List.ofSeq disposed) ([ "a"; "b" ], [ "a"; "b" ]) "used, then disposed of"
        }
    ]
