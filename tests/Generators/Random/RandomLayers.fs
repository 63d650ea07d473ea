/// Layers with random settings that fit the tensor they are given.
module Iqt.Tests.Generators.RandomLayers

open System
open System.Globalization
open FsCheck.FSharp

/// What flows from layer to layer: spatial dimensions, channels, the length of an edge.
type Shape = {
    Dimensions: int
    Channels: int
    Edge: int
}

/// How a number is written: as it stands, or by a hyperparameter's name.
type Number = int -> FsCheck.Gen<string>

let real (value: float) =
    value.ToString("R", CultureInfo.InvariantCulture)

let literal: Number = fun n -> Gen.constant (string n)

let divisors n = [
    for d in 1..n do
        if n % d = 0 then
            d
]

let private chance percent =
    Gen.choose (0, 99) |> Gen.map (fun n -> n < percent)

/// Named arguments, each left out by chance where it has its default.
let private settings (arguments: (string * FsCheck.Gen<string> * bool) list) =
    gen {
        let mutable texts = []

        for name, value, isDefault in arguments do
            let! leave = chance 80

            if not (isDefault && leave) then
                let! value = value
                texts <- $"{name} = {value}" :: texts

        return List.rev texts
    }

let private call name arguments =
    match arguments with
    | [] -> name
    | _ ->
        let arguments = String.concat ", " arguments
        $"{name}({arguments})"

let private window edge kernel stride padding dilation =
    let scaled = edge + 2 * padding - dilation * (kernel - 1) - 1
    if scaled < 0 then 0 else scaled / stride + 1

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
                    "Kernel", number kernel, kernel = 1
                    "Stride", number stride, stride = 1
                    "Padding", number padding, padding = 0
                    "Dilation", number dilation, dilation = 1
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

let private transposed (number: Number) channels (shape: Shape) =
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
                    "Kernel", number kernel, kernel = 1
                    "Stride", number stride, stride = 1
                    "Padding", number padding, padding = 0
                    "Dilation", number dilation, dilation = 1
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

let private keep shape text = Gen.constant (Some(text, shape))

let private voxels (shape: Shape) = pown shape.Edge shape.Dimensions

let normalization (shape: Shape) =
    gen {
        let! kind = Gen.elements [ "BatchNorm"; "InstanceNorm"; "GroupNorm" ]
        let! epsilon = Gen.elements [ "1e-5"; "0.001" ]
        let named = $"Epsilon = {epsilon}"

        match kind with
        | "BatchNorm" when shape.Edge >= 3 ->
            let! momentum = Gen.elements [ []; [ "Momentum = 0.3" ] ]
            return Some(call kind (named :: momentum), shape)
        | "InstanceNorm" when shape.Edge >= 3 ->
            let! affine = Gen.elements [ []; [ "Affine = false" ] ]
            return Some(call kind (named :: affine), shape)
        | "GroupNorm" ->
            let! groups = Gen.elements (divisors shape.Channels)

            return
                if shape.Channels / groups * voxels shape < 8 then
                    None
                else
                    Some(call kind [ string groups; named ], shape)
        | _ -> return None
    }

let activation (shape: Shape) =
    gen {
        let! slope = Gen.choose (1, 50) |> Gen.map (fun n -> real (float n / 100.0))

        let! text =
            Gen.elements [
                "Relu"
                "LeakyRelu"
                $"LeakyRelu({slope})"
                "PRelu"
                "Elu"
                $"Elu({slope})"
                "Gelu"
                "Silu"
                "Sigmoid"
                $"Dropout({slope})"
                if shape.Channels > 1 then
                    "Softmax"
            ]

        return Some(text, shape)
    }

let private pooling keeps (shape: Shape) =
    gen {
        let! kind = Gen.elements [ "MaxPool"; "AvgPool" ]
        let! kernel = if keeps then Gen.constant 3 else Gen.choose (1, 3)
        let! stride = if keeps then Gen.constant 1 else Gen.choose (0, 2)
        let! padding = if keeps then Gen.constant 1 else Gen.choose (0, kernel / 2)

        let edge =
            window shape.Edge kernel (if stride = 0 then kernel else stride) padding 1

        let! named =
            settings [
                "Stride", literal stride, stride = 0
                "Padding", literal padding, padding = 0
            ]

        // avg_pool3d takes no image shorter than its window.
        let isShort = kind = "AvgPool" && shape.Dimensions = 3 && shape.Edge < kernel

        return
            if edge < 1 || isShort then
                None
            else
                Some(call kind (string kernel :: named), { shape with Edge = edge })
    }

let rearrangement (shape: Shape) =
    let volume = pown 2 shape.Dimensions

    let enlarged = {
        shape with
            Channels = shape.Channels / volume
            Edge = shape.Edge * 2
    }

    let reduced = {
        shape with
            Channels = shape.Channels * volume
            Edge = shape.Edge / 2
    }

    gen {
        let! order = Gen.elements [ "Same"; "Reversed"; "Interleaved" ]

        return!
            Gen.elements [
                if order <> "Interleaved" || shape.Channels % 2 = 0 then
                    Some($"PermuteChannels(ChannelOrder.{order})", shape)
                if shape.Channels % volume = 0 && shape.Edge <= 5 then
                    Some("VoxelShuffle(2)", enlarged)
                    Some("Unsqueeze", enlarged)
                    Some("HaarUpsample", enlarged)
                if shape.Edge % 2 = 0 && shape.Channels <= 4 then
                    Some("VoxelUnshuffle(2)", reduced)
                    Some("Squeeze(2)", reduced)
                    Some("HaarDownsample", reduced)
                None
            ]
    }

let private channels = Gen.elements [ 1; 2; 3; 4; 4; 6; 8; 8; 16 ]

/// A layer of a network.
let layer (number: Number) (shape: Shape) =
    Gen.frequency [
        5,
        gen {
            let! output = channels
            return! convolution number false (Some output) shape
        }
        2,
        gen {
            let! output = channels
            return! transposed number output shape
        }
        3, normalization shape
        4, activation shape
        2, pooling false shape
        1,
        gen {
            let! mode = Gen.elements [ ""; ", Mode = Resampling.Linear"; ", Mode = Resampling.Nearest" ]

            return
                if shape.Edge > 5 then
                    None
                else
                    Some($"Upsample(2{mode})", { shape with Edge = shape.Edge * 2 })
        }
        3, rearrangement shape
        1, keep shape "Layer<Scaled>"
        1,
        gen {
            let! output = channels
            let! text = number output
            return Some($"Layer<Mixed>({text})", { shape with Channels = output })
        }
    ]

/// A layer of a residual function, which may be narrower or wider inside.
let functionLayer (shape: Shape) =
    Gen.frequency [
        3,
        gen {
            let! output = channels
            return! convolution literal true (Some output) shape
        }
        3, normalization shape
        3, activation shape
        1, pooling true shape
        1,
        Gen.elements [
            Some("PermuteChannels(ChannelOrder.Reversed)", shape)
            (if shape.Channels % 2 = 0 then
                 Some("PermuteChannels(ChannelOrder.Interleaved)", shape)
             else
                 None)
        ]
        1, keep shape "Layer<Scaled>"
    ]

/// Several, one behind the other; those that do not fit are left out.
let rec chain (layer: Shape -> FsCheck.Gen<(string * Shape) option>) count (shape: Shape) =
    gen {
        if count = 0 then
            return [], shape
        else
            let! next = layer shape

            match next with
            | None -> return! chain layer (count - 1) shape
            | Some(text, after) ->
                let! rest, final = chain layer (count - 1) after
                return text :: rest, final
    }
