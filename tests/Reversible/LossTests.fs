/// The loss of a step: what it may be, and a look at it before the backward pass.
module Iqt.Tests.Reversible.LossTests

open System
open System.Collections.Generic
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Tests
open Iqt.Tests.Networks
open Iqt.Tests.Reversible.NetworkStep

let private modes = Enum.GetValues<BackpropagationMode>()

let private buffers (network: Network) = [
    for struct (name, buffer) in network.named_buffers () do
        use wide = buffer.to_type torch.float64
        name, wide.data<float>().ToArray()
]

let private refused = [
    "a loss of many numbers",
    (fun (output: torch.Tensor) -> output.square ()),
    "one number was expected: take its mean or its sum"
    "a loss that was disposed",
    (fun output ->
        let loss = output.sum ()
        loss.Dispose()
        loss),
    "The loss was disposed by the function that computes it"
    "a loss that is nothing", (fun _ -> Unchecked.defaultof<torch.Tensor>), "The loss is null"
    "a loss that disposes the output",
    (fun output ->
        let loss = output.sum ()
        output.Dispose()
        loss),
    "disposed the network's output"
]

[<Tests>]
let tests =
    // Live tensors and random numbers are the whole process's.
    testSequenced
    <| testList "reversible/loss" [
        for mode in modes do
            test $"{mode}: a loss that does not depend on the output is refused by name" {
                use network = new EspcnRn(1)
                use input = Noise.single 1UL [| 1L; 6L; 7L; 7L; 7L |]

                let loss (output: torch.Tensor) =
                    use free = output.detach ()
                    free.mean ()

                Expect.throwsC (fun () -> network.Backpropagate(input, mode, Func<_, _> loss).Dispose()) (fun e ->
                    Expect.isTrue (e :? InvalidOperationException) "what it is"
                    Expect.stringContains e.Message "does not depend on the network's output" "what is wrong")
            }

            for what, loss, words in refused do
                test $"{mode}: {what} is refused" {
                    use network = new EspcnRn(1)
                    use input = Noise.single 1UL [| 1L; 6L; 7L; 7L; 7L |]

                    let e =
                        Expect.throwsC (fun () -> network.Backpropagate(input, mode, Func<_, _> loss).Dispose()) id

                    Expect.stringContains e.Message words "what is wrong, and the remedy"
                }

            test $"{mode}: a network in which nothing learns has a loss all the same" {
                use network = new Rearranged()
                use input = Noise.single 8UL [| 1L; 2L; 4L; 4L; 4L |]
                let found = float (step network mode input)
                let expected = input.data<float32> () |> Seq.averageBy (fun x -> float x * float x)
                Expect.floatClose Accuracy.medium found expected "the squares of the input, in another order"
                use frozen = new EspcnRn(1)

                for parameter in frozen.parameters () do
                    parameter.requires_grad <- false

                use patch = Noise.single 9UL [| 1L; 6L; 7L; 7L; 7L |]
                Expect.isTrue (Single.IsFinite(step frozen mode patch)) "frozen as a whole"
            }

            test $"{mode}: a loss of one output of a network with two is refused by name" {
                use network = new Knot()
                use input = Noise.single 2UL [| 1L; 2L; 2L; 2L; 2L |]

                Expect.throwsC (fun () -> network.Backpropagate(input, mode, Func<_, _> squares).Dispose()) (fun e ->
                    Expect.isTrue (e :? InvalidOperationException) "what it is"
                    Expect.stringContains e.Message "knot has 2 outputs" "what was found")
            }

            test $"{mode}: the caller may have switched gradients off" {
                let gradients isOff =
                    use network = new EspcnRn(1)
                    Initializer.Randomize(network, 3UL)
                    use input = Noise.single 4UL [| 1L; 6L; 7L; 7L; 7L |]
                    use _ = if isOff then torch.no_grad () else torch.enable_grad ()
                    step network mode input |> ignore
                    gradients network

                Expect.equal (gradients true) (gradients false) "gradients"
            }

            test $"{mode}: an output may be the loss itself" {
                use network = new Knot()
                use input = Noise.single 5UL [| 1L; 2L; 1L; 1L; 1L |]

                let loss (outputs: IReadOnlyList<torch.Tensor>) = outputs[1]

                use value = network.Backpropagate([| input |], mode, Func<_, _> loss)
                Expect.isTrue (Single.IsFinite(value.item<float32> ())) "its value"
            }

            test $"{mode}: a loss that is looked at gives the gradients and buffers of a pass and its backward pass" {
                let network () =
                    let network = new EspcnRn(2)
                    Initializer.Randomize(network, 6UL)
                    network

                use input = Noise.single 7UL [| 2L; 6L; 7L; 7L; 7L |]
                use one = network ()
                let mutable seen = nan

                let look (loss: torch.Tensor) =
                    seen <- float (loss.item<float32> ())
                    true

                use value =
                    one.Backpropagate(input, mode, Func<_, _> squares, accept = Predicate<_> look)

                Expect.equal (float (value.item<float32> ())) seen "the loss"
                use other = network ()
                use pass = other.Run(input, mode)
                use output = pass.Output.detach().requires_grad_ true
                use loss = squares output
                loss.backward ()
                use gradient = nonNull output.grad
                pass.Backward gradient |> ignore
                Expect.equal (float (loss.item<float32> ())) seen "the loss of the pass"
                Expect.equal (gradients one) (gradients other) "gradients, bit for bit"
                Expect.equal (buffers one) (buffers other) "buffers"
            }

            test $"{mode}: a loss that is not accepted ends the step without gradients, and leaves no tensor" {
                use network = new EspcnRn(1)
                use input = Noise.single 8UL [| 1L; 6L; 7L; 7L; 7L |]

                let refused () =
                    network
                        .Backpropagate(input, mode, Func<_, _> squares, accept = Predicate<_>(fun _ -> false))
                        .Dispose()

                refused ()
                let before = LiveTensors.settled ()

                for _ in 1..3 do
                    refused ()

                Expect.equal torch.Tensor.TotalCount before "live tensors"

                for struct (name, parameter) in network.named_parameters () do
                    Expect.isNull parameter.grad name
            }
    ]
