/// Flat optimisers step as TorchSharp's own do.
module Iqt.Tests.Reversible.OptimizerTests

open Expecto
open TorchSharp
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
    ]
