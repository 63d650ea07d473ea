/// Layers with random settings that fit the tensor they are given.
module Iqt.Tests.Generators.RandomLayers

open FsCheck.FSharp
open Iqt.Tests.Generators.RandomAttribute
open Iqt.Tests.Generators.RandomConvolution

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

/// Functions of one number after the other: every kind of them.
let activations = [
    "Relu"
    "LeakyRelu"
    "PRelu"
    "Elu"
    "Gelu"
    "Silu"
    "Sigmoid"
    "Softsign"
    "Mish"
]

let activation (shape: Shape) =
    gen {
        let! slope = Gen.choose (1, 50) |> Gen.map (fun n -> real (float n / 100.0))

        let! text =
            Gen.elements [
                yield! activations
                $"LeakyRelu({slope})"
                $"Elu({slope})"
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
