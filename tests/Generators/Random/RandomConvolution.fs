/// Convolutions with random settings that fit the tensor they are given.
module Iqt.Tests.Generators.RandomConvolution

open FsCheck.FSharp
open Iqt.Tests.Generators.RandomAttribute

/// The edge behind a window.
let window edge kernel stride padding dilation =
    let scaled = edge + 2 * padding - dilation * (kernel - 1) - 1
    if scaled < 0 then 0 else scaled / stride + 1

let private windowSettings (number: Number) kernel stride padding dilation = [
    "Kernel", number kernel, kernel = 1
    "Stride", number stride, stride = 1
    "Padding", number padding, padding = 0
    "Dilation", number dilation, dilation = 1
]

/// A convolution with so many output channels, which keeps the size where it is asked to.
let convolution (number: Number) keeps (channels: int option) (shape: Shape) =
    gen {
        let! kernel = Gen.elements (if keeps then [ 1; 3 ] else [ 1; 2; 3 ])
        let! dilation = Gen.elements [ 1; 1; 2 ]
        let! stride = Gen.elements (if keeps then [ 1 ] else [ 1; 1; 2 ])
        let! anyPadding = Gen.choose (0, 2)
        let padding = if keeps then dilation * (kernel - 1) / 2 else anyPadding
        let! mode = Gen.elements [ "Zeros"; "Zeros"; "Reflect"; "Replicate" ]
        let output = defaultArg channels shape.Channels
        let! groups = Gen.elements (divisors shape.Channels |> List.filter (fun g -> output % g = 0))
        let! bias = chance 80
        let edge = window shape.Edge kernel stride padding dilation

        if edge < 1 || (mode = "Reflect" && padding >= shape.Edge) then
            return None
        else
            let! named =
                settings [
                    yield! windowSettings number kernel stride padding dilation
                    "Groups", number groups, groups = 1
                    "Bias", Gen.constant (if bias then "true" else "false"), bias
                    "PaddingMode", Gen.constant $"PaddingMode.{mode}", mode = "Zeros"
                ]

            let! positional = channels |> Option.map number |> Option.defaultValue (Gen.constant "")
            let arguments = (if positional = "" then [] else [ positional ]) @ named

            return
                Some(
                    call $"Conv{shape.Dimensions}d" arguments,
                    {
                        shape with
                            Channels = output
                            Edge = edge
                    }
                )
    }

/// A transposed convolution, or none where its output would be too large.
let transposed (number: Number) channels (shape: Shape) =
    gen {
        let! kernel = Gen.choose (1, 3)
        let! stride = Gen.choose (1, 2)
        let! padding = Gen.choose (0, 1)
        let! dilation = Gen.elements [ 1; 1; 2 ]
        let! outputPadding = Gen.choose (0, max stride dilation - 1)
        let! groups = Gen.elements (divisors shape.Channels |> List.filter (fun g -> channels % g = 0))

        let edge =
            (shape.Edge - 1) * stride - 2 * padding
            + dilation * (kernel - 1)
            + outputPadding
            + 1

        if edge < 1 || edge > 12 then
            return None
        else
            let! named =
                settings [
                    yield! windowSettings number kernel stride padding dilation
                    "OutputPadding", number outputPadding, outputPadding = 0
                    "Groups", number groups, groups = 1
                ]

            let! positional = number channels

            return
                Some(
                    call $"ConvTranspose{shape.Dimensions}d" (positional :: named),
                    {
                        shape with
                            Channels = channels
                            Edge = edge
                    }
                )
    }
