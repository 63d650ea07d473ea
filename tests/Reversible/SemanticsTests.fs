/// What a pass computes: the formulae, statistics, several backward passes, the residual stream.
module Iqt.Tests.Reversible.SemanticsTests

open System
open System.Collections.Generic
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Reversible.Adjoints
open Iqt.Tests.Reversible.NetworkStep

let private blocks (n: int) = settings [ "Blocks", n ]

[<Tests>]
let semantics =
    testList "reversible/semantics" [
        test "a block computes the paper's formulae" {
            // Section 2: z = α + F1(β), β' = β + F2(z), α' = z.
            use network = new EspcnRn(1)
            Initializer.Randomize(network, 3UL)
            network.eval ()
            use input = Noise.single 4UL [| 1L; 6L; 5L; 5L; 5L |]
            use scope = torch.NewDisposeScope()
            use _ = torch.no_grad ()
            let functions = network.modules () |> Seq.choose tryUnbox<Bottleneck> |> Seq.toArray
            let f, g = functions[0], functions[1]
            let alpha, beta = input.narrow (1L, 0L, 3L), input.narrow (1L, 3L, 3L)
            let z = alpha + f.call beta
            let expected = torch.cat ([| z; beta + g.call z |], 1L)
            use output = network.RunSegment("Stack1", input)
            Expect.isTrue (output.allclose expected) "one block of Stack1"
        }

        test "a stack of identity-initialised blocks returns its input" {
            use network = new EspcnRn(3)
            Initializer.Apply(network, InitializationScheme.Identity, 1UL)
            use input = Noise.single 5UL [| 2L; 50L; 3L; 3L; 3L |]
            use output = network.RunSegment("Stack2", input)
            Expect.isTrue (output.equal(input).all().item<bool> ()) "bit for bit"
        }

        for mode in segmentModes do
            test $"{mode}: backward in eval mode equals one graph and changes no statistics" {
                use network = new EspcnRn(2)
                Initializer.Randomize(network, 6UL)
                network.eval ()
                use input = Noise.single 7UL [| 2L; 6L; 7L; 7L; 7L |]

                let before =
                    network.named_buffers ()
                    |> Seq.map (fun struct (_, b) -> b.to_type(torch.float32).data<float32>().ToArray())
                    |> Seq.toList

                step network BackpropagationMode.SingleGraph input |> ignore
                let expected = gradients network
                step network mode input |> ignore
                let found = gradients network

                let difference =
                    Array.map2 (fun a b -> float (a - b) ** 2.0) found expected |> Array.sum |> sqrt

                let size = expected |> Array.sumBy (fun g -> float g ** 2.0) |> sqrt
                Expect.isLessThan (difference / size) 1e-4 "relative difference of the gradients"

                let after =
                    network.named_buffers ()
                    |> Seq.map (fun struct (_, b) -> b.to_type(torch.float32).data<float32>().ToArray())
                    |> Seq.toList

                Expect.equal after before "buffers"
            }

            test $"{mode}: a second backward pass needs retained caches and then doubles the gradients" {
                use network = new EspcnRn(2)
                Initializer.Randomize(network, 8UL)
                use input = Noise.single 9UL [| 2L; 6L; 7L; 7L; 7L |]
                use pass = network.Run(input, mode)
                use gradient = torch.ones_like pass.Output
                pass.Backward(gradient, retainCaches = true) |> ignore
                let once = gradients network
                pass.Backward gradient |> ignore
                let twice = gradients network
                let largest = once |> Array.map abs |> Array.max

                Array.iter2
                    (fun a b -> Expect.isLessThan (abs (b - 2.0f * a)) (1e-4f * largest) "twice the gradient")
                    once
                    twice

                Expect.throwsC (fun () -> pass.Backward gradient |> ignore) (fun e ->
                    Expect.stringContains e.Message "retainCaches: true" "a third pass")
            }

        for name, options in
            [
                "every second block cached", StepOptions(CacheEvery = 2)
                "blocks kept", StepOptions(KeptBlocks = Dictionary(dict [ "Stack2", 2; "Stack3", 4 ]))
                "both", StepOptions(CacheEvery = 2, KeptBlocks = Dictionary(dict [ "Stack1", 1; "Stack2", 3 ]))
            ] do
            test $"{name}: each backward pass gives the same gradients" {
                use network = new EspcnRn(5, dtype = torch.float64)
                Initializer.Randomize(network, 8UL)
                use single = Noise.single 9UL [| 2L; 6L; 6L; 6L; 6L |]
                use input = single.to_type torch.float64

                let gradient () =
                    use _ = torch.NewDisposeScope()

                    torch
                        .cat([| for p in network.parameters () -> (nonNull p.grad).flatten () |])
                        .MoveToOuterDisposeScope()

                let passes (options: StepOptions) n =
                    network.zero_grad ()
                    use pass = network.Run(input, BackpropagationMode.Reversible, options)
                    use dy = torch.ones_like pass.Output

                    for i in 1..n do
                        pass.Backward(dy, retainCaches = (i < n)) |> ignore

                    gradient ()

                use once = passes StepOptions.Default 1
                use thrice = passes options 3
                use difference = thrice.sub (once.mul (torch.tensor 3.0))
                Expect.isLessThan (difference.norm().item<float> () / once.norm().item<float> ()) 1e-9 "three times one"
            }

        test "at 32 blocks the residual stream is float64 of itself: gradients are those of stored activations" {
            let results = NetworkCheck(EspcnRn.Declaration, blocks 32, torch.float32).Stacks()

            Expect.hasLength
                results
                11
                "three inversions; gradients of three stacks and of the network, against stored ones and float64"

            for result in results do
                Expect.isTrue result.Holds $"{result.Property} of {result.Subject}: {result.Error}"

                // An inversion that starts at the rounded output of the stack leaves 1e-4 here.
                if result.Property <> "gradients against float64" then
                    Expect.isLessThan result.Error 1e-5 $"{result.Property} of {result.Subject}"
        }

        test "the declared depth decides the residual stream's type, and every mode keeps to it" {
            use input = (Noise.single 12UL [| 2L; 6L; 7L; 7L; 7L |]).float ()

            let output depth mode stream =
                use network = (EspcnRn.Declaration.Create(blocks depth) :?> EspcnRn)

                Initializer.Randomize(network, 3UL)
                use pass = network.Run(input, mode, StepOptions(StreamType = stream))
                pass.Output.clone ()

            for depth, expected in
                [
                    ResidualStreamType.DeepStack - 1, torch.float32
                    ResidualStreamType.DeepStack, torch.float64
                ] do
                for mode in Enum.GetValues<BackpropagationMode>() do
                    use chosen = output depth mode (Nullable())
                    use asked = output depth mode (Nullable expected)

                    use other =
                        output
                            depth
                            mode
                            (Nullable(
                                if expected = torch.float32 then
                                    torch.float64
                                else
                                    torch.float32
                            ))

                    Expect.isTrue (chosen.Equals asked) $"{depth} blocks, {mode}: {expected}"
                    Expect.isFalse (chosen.Equals other) $"{depth} blocks, {mode}: the other type rounds differently"
        }
    ]
