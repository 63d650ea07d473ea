/// Parts of a computation on libtorch's threads.
module Iqt.Tests.Reversible.ThreadTeamTests

open System
open System.Collections.Concurrent
open System.Threading
open Expecto
open TorchSharp

open Iqt.Reversible.Natives

/// The number of threads belongs to the thread that asks: on a thread of its own, a test changes no other's.
let private withThreads (count: int) (action: unit -> unit) =
    let mutable failure: exn option = None

    let run () =
        try
            torch.set_num_threads count
            action ()
        with e ->
            failure <- Some e

    let thread = Thread run
    thread.Start()
    thread.Join()
    Option.iter raise failure

[<Tests>]
let tests =
    testList "reversible/thread team" [
        for threads in [ 1; 2; 3 ] do
            for parts in [ 0; 1; 2; 7; 100 ] do
                test $"{threads} threads run each of {parts} parts once" {
                    withThreads threads (fun () ->
                        let taken = ConcurrentBag<int>()
                        ThreadTeam.Run(parts, (fun i -> taken.Add i))
                        Expect.equal (taken |> Seq.sort |> List.ofSeq) [ 0 .. parts - 1 ] "parts")
                }

        test "on Linux, parts run side by side" {
            if OperatingSystem.IsLinux() then
                withThreads 2 (fun () ->
                    // Each waits for the other: one thread alone would never meet itself.
                    use both = new Barrier(2)
                    let met = ConcurrentBag<bool>()
                    ThreadTeam.Run(2, (fun _ -> both.SignalAndWait(10000) |> met.Add))
                    Expect.equal (List.ofSeq met) [ true; true ] "both parts were under way at once")
        }

        test "an exception of a part comes out, and the team works on" {
            withThreads 2 (fun () ->
                let failing = Action<int>(fun i -> if i = 3 then invalidOp "part three" else ())

                let e = Expect.throwsC (fun () -> ThreadTeam.Run(8, failing)) id
                Expect.equal e.Message "part three" "message"
                let taken = ConcurrentBag<int>()
                ThreadTeam.Run(8, (fun i -> taken.Add i))
                Expect.equal taken.Count 8 "parts")
        }

        test "libtorch's own parallel operations and parts take turns under garbage collection" {
            withThreads 2 (fun () ->
                use x = torch.ones [| 200000L |]
                let total = ref 0L

                for _ in 1..200 do
                    use y = x.add (torch.tensor 1.0f)

                    ThreadTeam.Run(
                        16,
                        (fun i ->
                            Interlocked.Add(total, int64 (Array.zeroCreate<byte> 1000).Length + int64 i)
                            |> ignore)
                    )

                    GC.Collect 0
                    Expect.equal (y.sum().item<float32> ()) 400000.0f "sum"

                Expect.equal total.Value (200L * (16000L + 120L)) "parts")
        }
    ]
