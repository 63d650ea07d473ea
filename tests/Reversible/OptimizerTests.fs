/// Flat optimisers step as TorchSharp's own do.
module Iqt.Tests.Reversible.OptimizerTests

open System
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Reversible.Optimizers
open Iqt.Tests.Reversible.OptimizerPairs

let private setRate (theirs: torch.optim.Optimizer) (ours: FlatOptimizer) rate =
    for group in theirs.ParamGroups do
        group.LearningRate <- rate

    ours.LearningRate <- rate

[<Tests>]
let againstTorch =
    // Building networks draws from the global generator, on which other tests' modules rely.
    testSequenced
    <| testList "reversible/optimizers/torch" [
        for name, theirs, ours in pairs do
            for dtype, tolerance in [ torch.float64, 1e-13; torch.float32, 1e-5 ] do
                test
                    $"{name} in {dtype}: 30 steps with changing rates equal TorchSharp's, with parameters that have no gradient" {
                    let expected, found = twins dtype
                    use expected = expected
                    use found = found
                    use reference = theirs expected
                    use optimizer = ours found

                    for step in 1..30 do
                        // One block has none in some steps, one tensor has none in others, one never.
                        let skip (parameter: string) =
                            (step % 3 = 0 && parameter.StartsWith "stack2.0.")
                            || (step % 4 = 1 && parameter = "stack1.1.f.spatial.conv.weight")
                            || parameter = "layer2.conv.bias"

                        giveGradients expected step skip
                        giveGradients found step skip
                        setRate reference optimizer (1e-3 / float step)
                        reference.step () |> ignore
                        optimizer.Step()

                    let error = difference found expected
                    Expect.isLessThan error tolerance "relative difference of the parameters"
                }

        test "clipping by the norm of all gradients equals TorchSharp's, and is refused in the fused update" {
            let expected, found = twins torch.float64
            use expected = expected
            use found = found
            use reference = torch.optim.Adam(expected.parameters (), 1e-3)
            use optimizer = new Adam(found, 1e-3, MaxGradientNorm = 0.5)

            for step in 1..3 do
                giveGradients expected step (fun _ -> false)
                giveGradients found step (fun _ -> false)

                torch.nn.utils.clip_grad_norm_ (expected.parameters (), 0.5) |> ignore
                reference.step () |> ignore
                optimizer.Step()

            Expect.isLessThan (difference found expected) 1e-13 "parameters"

            Expect.throwsC (fun () -> optimizer.Fused() |> ignore) (fun e ->
                Expect.stringContains e.Message "needs all gradients at once" "the message")
        }

        test "clipping follows a network that was converted since the optimiser was made" {
            let expected, found = twins torch.float32
            use expected = expected
            use found = found

            use optimizer = new StochasticGradientDescent(found, 1e-3, MaxGradientNorm = 0.5)

            expected.``to`` torch.float64 |> ignore
            found.``to`` torch.float64 |> ignore
            use reference = torch.optim.SGD(expected.parameters (), 1e-3)
            giveGradients expected 1 (fun _ -> false)
            giveGradients found 1 (fun _ -> false)
            torch.nn.utils.clip_grad_norm_ (expected.parameters (), 0.5) |> ignore
            reference.step () |> ignore
            optimizer.Step()
            Expect.isLessThan (difference found expected) 1e-13 "parameters"
        }

        test "gradients of a network that was converted since are freed" {
            let network, other = twins torch.float32
            other.Dispose()
            use network = network
            use optimizer = new Adam(network)
            network.``to`` torch.float64 |> ignore
            giveGradients network 1 (fun _ -> false)
            optimizer.ZeroGradients()

            for struct (name, parameter) in network.named_parameters () do
                Expect.isNull parameter.grad name
        }

        test "settings that are none are refused with their name and the value" {
            use network = new EspcnRn(1)

            let refused name (value: string) (make: unit -> FlatOptimizer) =
                Expect.throwsC (fun () -> make().Dispose()) (fun e ->
                    Expect.isTrue (e :? ArgumentException) $"{name}: {e.GetType().Name}"
                    Expect.stringContains e.Message name "the name"
                    Expect.stringContains e.Message value "the value")

            refused "learningRate" "-1" (fun () -> new Adam(network, -1.0))
            refused "learningRate" "Infinity" (fun () -> new Adam(network, infinity))
            refused "beta1" "1" (fun () -> new Adam(network, beta1 = 1.0))
            refused "beta2" "-0.1" (fun () -> new Adam(network, beta2 = -0.1))
            refused "epsilon" "-1" (fun () -> new Adam(network, epsilon = -1.0))
            refused "weightDecay" "-0.5" (fun () -> new Adam(network, weightDecay = -0.5))
            refused "weightDecay" "NaN" (fun () -> new StochasticGradientDescent(network, 0.1, weightDecay = nan))
            refused "momentum" "-0.9" (fun () -> new StochasticGradientDescent(network, 0.1, momentum = -0.9))
            refused "MaxGradientNorm" "0" (fun () -> new Adam(network, MaxGradientNorm = 0.0))
            use optimizer = new Adam(network)

            refused "LearningRate" "-1" (fun () ->
                optimizer.LearningRate <- -1.0
                optimizer)
        }
    ]
