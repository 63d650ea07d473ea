/// A flat optimiser's state, and its network converted, moved and shared.
module Iqt.Tests.Reversible.OptimizerStateTests

open System
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Reversible.Optimizers
open Iqt.Tests
open Iqt.Tests.Reversible.OptimizerPairs

[<Tests>]
let state =
    testSequenced
    <| testList "reversible/optimizers/state" [
        for name, _, ours in pairs do
            test $"{name}: a saved state goes on bit for bit in another optimiser of another network object" {
                let original, restored = twins torch.float32
                use original = original
                use restored = restored
                use optimizer = ours original

                for step in 1..5 do
                    giveGradients original step (fun name -> step = 2 && name.StartsWith "stack1.0.")
                    optimizer.Step()

                use other = ours restored

                for struct (name, parameter) in original.named_parameters () do
                    use _ = torch.no_grad ()

                    let own =
                        restored.named_parameters ()
                        |> Seq.pick (fun struct (n, p) -> if n = name then Some p else None)

                    own.copy_ parameter |> ignore

                let saved = optimizer.State()
                other.LoadState saved

                for tensor in saved.Values do
                    tensor.Dispose()

                for network, optimizer in [ original, optimizer; restored, other ] do
                    giveGradients network 6 (fun _ -> false)
                    optimizer.Step()

                Expect.equal (weights restored) (weights original) "parameters"
            }

        test "a state's names and shapes are those of the parameters" {
            use network = new EspcnRn(1)
            use optimizer = new Adam(network)
            let state = optimizer.State()

            for struct (name, parameter) in network.named_parameters () do
                Expect.equal (state[$"{name}.exp_avg"].shape) parameter.shape name
                Expect.equal (state[$"{name}.exp_avg_sq"].shape) parameter.shape name
                Expect.equal (state[$"{name}.step"].item<int64> ()) 0L name

            Expect.equal state.Count (3 * Seq.length (network.parameters ())) "nothing else"

            for tensor in state.Values do
                tensor.Dispose()
        }

        test "a state that does not fit is refused with the name" {
            use network = new EspcnRn(1)
            use optimizer = new Adam(network)
            use other = new StochasticGradientDescent(network, 1e-3, momentum = 0.9)
            let state = other.State()

            Expect.throwsC (fun () -> optimizer.LoadState state) (fun e ->
                Expect.stringContains e.Message "exp_avg is missing" "message")
        }

        test "a network that is converted to another type is followed, with the moments" {
            let expected, found = twins torch.float64
            use expected = expected
            use found = found
            use reference = torch.optim.Adam(expected.parameters (), 1e-3)
            use optimizer = new Adam(found, 1e-3)

            for step in 1..6 do
                if step = 4 then
                    // There and back: new parameter objects, and numbers rounded to float32 in between.
                    found.``to`` torch.float32 |> ignore
                    found.``to`` torch.float64 |> ignore

                giveGradients expected step (fun _ -> false)
                giveGradients found step (fun _ -> false)
                reference.step () |> ignore
                optimizer.Step()

            let error = difference found expected
            Expect.isLessThan error 1e-6 "rounding to float32, no more"
            Expect.isGreaterThan error 1e-12 "it was converted"
        }

        test "a network and its optimiser move to another device" {
            use network = new EspcnRn(1)
            use optimizer = new Adam(network)
            giveGradients network 1 (fun _ -> false)
            optimizer.Step()
            network.``to`` DeviceType.META |> ignore
            let state = optimizer.State()

            for pair in state do
                if not (pair.Key.EndsWith ".step") then
                    Expect.equal pair.Value.device_type DeviceType.META pair.Key

                pair.Value.Dispose()
        }

        test "two optimisers of one network take its parameters over from each other" {
            let expected, found = twins torch.float64
            use expected = expected
            use found = found
            use a = torch.optim.Adam(expected.parameters (), 1e-3)
            use b = torch.optim.SGD(expected.parameters (), 1e-2)
            use first = new Adam(found, 1e-3)
            use second = new StochasticGradientDescent(found, 1e-2)

            for step in 1..4 do
                giveGradients expected step (fun _ -> false)
                giveGradients found step (fun _ -> false)

                if step % 2 = 0 then
                    a.step () |> ignore
                    first.Step()
                else
                    b.step () |> ignore
                    second.Step()

            Expect.isLessThan (difference found expected) 1e-13 "parameters"
        }

        test "no live tensor and no byte is left by a step, and disposal leaves the weights" {
            use network = new EspcnRn(2)
            use input = Noise.single 7UL [| 1L; 6L; 7L; 7L; 7L |]
            let before = LiveTensors.settled ()
            let optimizer = new Adam(network)

            let steps () =
                backpropagate network BackpropagationMode.Reversible input (optimizer.Fused())
                backpropagate network BackpropagationMode.Reversible input null
                optimizer.Step()
                optimizer.ZeroGradients()

            steps ()
            let after = LiveTensors.settled ()

            for _ in 1..5 do
                steps ()

            Expect.equal torch.Tensor.TotalCount after "live tensors after more steps"
            let kept = weights network
            optimizer.Dispose()
            Expect.equal (weights network) kept "weights of a disposed optimiser"
            Expect.equal (LiveTensors.settled ()) before "live tensors behind the optimiser"
        }

        test "a disposed optimiser says so" {
            use network = new EspcnRn(1)
            let optimizer = new Adam(network)
            optimizer.Dispose()
            optimizer.Dispose()
            giveGradients network 1 (fun _ -> false)
            Expect.throwsT<ObjectDisposedException> optimizer.Step "a step"
            Expect.throwsT<ObjectDisposedException> (fun () -> optimizer.State() |> ignore) "its state"
        }

        test "a state with a number of updates below 0 is refused and changes nothing" {
            use network = new EspcnRn(1)
            use optimizer = new Adam(network)
            giveGradients network 1 (fun _ -> false)
            optimizer.Step()
            let name = "layer2.conv.bias"
            let saved = optimizer.State()

            let numbers (state: System.Collections.Generic.IReadOnlyDictionary<string, torch.Tensor>) =
                state[$"{name}.exp_avg"].data<float32>().ToArray(), state[$"{name}.step"].item<int64> ()

            let before = numbers saved

            let damaged = System.Collections.Generic.Dictionary(saved)
            use step = torch.tensor -1L
            use moment = torch.ones_like saved[$"{name}.exp_avg"]
            damaged[$"{name}.step"] <- step
            damaged[$"{name}.exp_avg"] <- moment

            Expect.throwsC (fun () -> optimizer.LoadState damaged) (fun e ->
                Expect.stringContains e.Message $"{name}.step is -1" "the message")

            let after = optimizer.State()
            Expect.equal (numbers after) before "moments and number of updates"

            for tensor in Seq.append saved.Values after.Values do
                tensor.Dispose()
        }
    ]
