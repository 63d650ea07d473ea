/// Convolutions in bfloat16, everything else in float32.
module Iqt.Tests.Reversible.PrecisionTests

open System
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Reversible.Adjoints
open Iqt.Tests.Reversible.NetworkStep
open Iqt.Tests.Reversible.TensorVector

let private options (stream: torch.ScalarType option) =
    StepOptions(ConvolutionType = Nullable torch.ScalarType.BFloat16, StreamType = Option.toNullable stream)

/// The network's output, ∂L/∂input and the parameters' gradients after a step, L the mean of squares.
let private step (mode: BackpropagationMode) (options: StepOptions) =
    use network = new EspcnRn(3)
    Initializer.Randomize(network, 1UL)
    use input = Noise.single 2UL [| 2L; 6L; 7L; 7L; 7L |]
    use pass = network.Run(input, mode, options)
    use scale = (2.0 / float (pass.Output.numel ())).ToScalar()
    use gradient = pass.Output.detach().mul scale
    use inputGradient = nonNull (pass.Backward(gradient, true, false))

    let gradients = [
        inputGradient
        for p in network.parameters () do
            nonNull p.grad
    ]

    [ pass.Output.dtype; inputGradient.dtype ], vector [ pass.Output ], vector gradients

[<Tests>]
let tests =
    testList "reversible/precision" [
        for mode in Enum.GetValues<BackpropagationMode>() do
            test $"{mode}: bfloat16 convolutions leave float32 outside them, and round as bfloat16 does" {
                let types, output, gradients = step mode (options None)
                let _, exactOutput, exactGradients = step mode StepOptions.Default
                Expect.allEqual types torch.ScalarType.Float32 "output and gradient of the input"
                // Half a unit in the last of eight digits is 2⁻⁹; a sum of many such roundings stays near it.
                let rounding = 2.0 ** -9.0
                let found = distance output exactOutput
                Expect.isGreaterThan found (rounding / 100.0) "the convolutions are in bfloat16"
                Expect.isLessThan found (10.0 * rounding) "output"
                Expect.isLessThan (distance gradients exactGradients) (20.0 * rounding) "gradients"
            }

        test "the residual stream is not in bfloat16: reversed blocks give the gradients of stored activations" {
            let _, output, gradients =
                step BackpropagationMode.Reversible (options (Some torch.ScalarType.Float64))

            let _, storedOutput, storedGradients =
                step BackpropagationMode.Stored (options (Some torch.ScalarType.Float64))

            Expect.equal output storedOutput "output"
            Expect.equal gradients storedGradients "gradients, bit for bit"
            let _, _, single = step BackpropagationMode.Reversible (options None)
            let _, _, storedSingle = step BackpropagationMode.Stored (options None)
            Expect.isLessThan (distance single storedSingle) 1e-3 "a float32 stream: nearly"
        }
    ]
