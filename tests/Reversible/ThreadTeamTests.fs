/// Parts of a computation on libtorch's threads.
module Iqt.Tests.Reversible.ThreadTeamTests

open System
open System.Collections.Concurrent
open System.Threading
open Expecto
open TorchSharp

open Iqt.Reversible.Natives
open Iqt.Tests

let private taken parts =
    let taken = ConcurrentBag<int>()
    ThreadTeam.Run(parts, (fun i -> taken.Add i))
    taken |> Seq.sort |> List.ofSeq

[<Tests>]
let tests =
    testSequenced
    <| testList "reversible/thread team" [
        for threads in [ 1; 2; 3 ] do
            for parts in [ 0; 1; 2; 7; 100 ] do
                test $"{threads} threads run each of {parts} parts once" {
                    use _ = Threads.exactly threads
                    Expect.equal (taken parts) [ 0 .. parts - 1 ] "parts"
                }

        test "on Linux, parts run side by side" {
            if OperatingSystem.IsLinux() then
                use _ = Threads.exactly 2
                // Each waits for the other: one thread alone would never meet itself.
                use both = new Barrier(2)
                let met = ConcurrentBag<bool>()
                ThreadTeam.Run(2, (fun _ -> both.SignalAndWait(10000) |> met.Add))
                Expect.equal (List.ofSeq met) [ true; true ] "both parts were under way at once"
        }

        test "an exception of a part comes out, and the team works on" {
            use _ = Threads.exactly 2

            let failing =
                Action<int>(fun i ->
                    if i = 3 then
                        invalidOp "part three")

            let e = Expect.throwsC (fun () -> ThreadTeam.Run(8, failing)) id
            Expect.equal e.Message "part three" "message"
            Expect.equal (taken 8) [ 0..7 ] "parts"
        }

        test "libtorch's own parallel operations and parts take turns under garbage collection" {
            use _ = Threads.exactly 2
            use x = torch.ones [| 200000L |]
            let total = ref 0L

            let part (i: int) =
                Interlocked.Add(total, int64 (Array.zeroCreate<byte> 1000).Length + int64 i)
                |> ignore

            for _ in 1..200 do
                use y = x.neg () // the team's threads share it
                ThreadTeam.Run(16, part)
                GC.Collect 0
                use sum = y.sum ()
                Expect.equal (sum.item<float32> ()) -200000.0f "sum"

            Expect.equal total.Value (200L * (16000L + 120L)) "parts"
        }
    ]
