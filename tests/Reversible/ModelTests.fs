/// The declared networks of models/: parameters counted by hand, shapes, margin and upsampling rate.
module Iqt.Tests.Reversible.ModelTests

open System
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Tests.Reversible.NetworkStep

// Weights and biases, counted from the descriptions of the architectures.
let private conv dimensions kernel input output =
    int64 (pown kernel dimensions * input * output) + int64 output

let private conv3 = conv 3
let private norm channels = 2L * int64 channels

/// Pre-activated convolutions of equal width, normalisation before each.
let private preactivated kernels channels =
    kernels
    |> List.sumBy (fun kernel -> norm channels + conv3 kernel channels channels)

/// Blocks of two functions on half the channels.
let private stack blocks channels perFunction =
    2L * int64 blocks * perFunction (channels / 2)

let private bottleneck = preactivated [ 1; 3; 1 ]
let private basic = preactivated [ 3; 3 ]
let private only = preactivated [ 3 ]

let private basic2d channels =
    2L * (norm channels + int64 (9 * channels * channels))

type private Expected = {
    Parameters: int64
    Inputs: int64[] list
    Output: int64[]
    /// Margin and upsampling rate; none where the network does not map images to images.
    Relation: (float * int) option
}

let private models = [
    Espcn.Declaration,
    [],
    {
        Parameters = conv3 3 6 50 + conv3 1 50 100 + conv3 3 100 48
        Inputs = [ [| 2L; 6L; 11L; 9L; 7L |] ]
        Output = [| 2L; 6L; 14L; 10L; 6L |]
        Relation = Some(2.0, 2)
    }
    EspcnRn.Declaration,
    [ "Blocks", 3 ],
    {
        Parameters =
            conv3 3 6 50
            + conv3 1 50 100
            + conv3 3 100 48
            + List.sumBy (fun channels -> stack 3 channels bottleneck) [ 6; 50; 100 ]
        Inputs = [ [| 2L; 6L; 11L; 9L; 7L |] ]
        Output = [| 2L; 6L; 14L; 10L; 6L |]
        Relation = Some(2.0, 2)
    }
    RevNet.Declaration,
    [],
    {
        // Its convolutions have no biases but the classifier.
        Parameters =
            int64 (9 * (3 * 32 + 32 * 64 + 64 * 112))
            + List.sumBy (fun channels -> stack 3 channels basic2d) [ 32; 64; 112 ]
            + List.sumBy norm [ 32; 64; 112 ]
            + conv 2 1 112 10
        Inputs = [ [| 2L; 3L; 32L; 32L |] ]
        Output = [| 2L; 10L; 1L; 1L |]
        Relation = None
    }
    RevNet.Declaration,
    [ "Blocks", 9; "Width3", 128; "Classes", 100 ],
    {
        Parameters =
            int64 (9 * (3 * 32 + 32 * 64 + 64 * 128))
            + List.sumBy (fun channels -> stack 9 channels basic2d) [ 32; 64; 128 ]
            + List.sumBy norm [ 32; 64; 128 ]
            + conv 2 1 128 100
        Inputs = [ [| 1L; 3L; 32L; 32L |] ]
        Output = [| 1L; 100L; 1L; 1L |]
        Relation = None
    }
    IRevNet.Declaration,
    [],
    {
        Parameters = stack 2 2 basic + stack 2 16 bottleneck + stack 2 128 bottleneck
        Inputs = [ [| 2L; 2L; 8L; 4L; 12L |] ]
        Output = [| 2L; 128L; 2L; 1L; 3L |]
        Relation = None
    }
    VNet.Declaration,
    [],
    {
        Parameters =
            conv3 3 1 16
            + List.sumBy (fun channels -> stack 2 channels only) [ 16; 32; 64; 32; 16 ]
            + List.sumBy (fun (a, b) -> conv3 2 a b) [ 16, 32; 32, 64; 64, 32; 32, 16 ]
            + conv3 1 64 32
            + conv3 1 32 16
            + conv3 1 16 2
        Inputs = [ [| 1L; 1L; 8L; 12L; 16L |] ]
        Output = [| 1L; 2L; 8L; 12L; 16L |]
        Relation = Some(0.0, 1)
    }
    DeepMedic.Declaration,
    [],
    {
        // Each normalised, rectified layer has two numbers a channel for the one and a slope for the other.
        Parameters =
            2L * (conv3 3 1 30 + 90L + stack 1 30 bottleneck + conv3 3 30 40 + 120L)
            + conv3 1 80 60
            + 180L
            + conv3 1 60 2
        Inputs = [ [| 2L; 1L; 25L; 25L; 25L |]; [| 2L; 1L; 11L; 11L; 11L |] ]
        Output = [| 2L; 2L; 21L; 21L; 21L |]
        Relation = None
    }
    Srdti.Declaration,
    [ "Width", 16; "Blocks", 2 ],
    {
        Parameters = conv3 3 6 16 + stack 2 16 basic + conv3 3 16 6
        Inputs = [ [| 2L; 6L; 5L; 4L; 3L |] ]
        Output = [| 2L; 6L; 10L; 8L; 6L |]
        Relation = Some(0.0, 2)
    }
]

[<Tests>]
let tests =
    testList "reversible/models" [
        for declaration, hyperparameters, expected in models do
            let told =
                hyperparameters |> List.map (fun (n, v) -> $" {n}={v}") |> String.concat ""

            test $"{declaration.Name}{told} has the parameters, sizes and margin of its description" {
                use network = declaration.Create(settings hyperparameters)
                Expect.equal network.ParameterCount expected.Parameters "parameters"
                use _ = torch.no_grad ()
                use scope = torch.NewDisposeScope()
                let inputs = [| for shape in expected.Inputs -> torch.zeros shape |]
                Expect.equal (network.Call(inputs)[0]).shape expected.Output "output"

                match expected.Relation with
                | Some(margin, rate) ->
                    Expect.equal (network.Margin, network.UpsamplingRate) (margin, rate) "margin and upsampling rate"

                    for i in 2..4 do
                        let edge = expected.Inputs.Head[i]
                        Expect.equal (network.OutputSize edge) expected.Output[i] $"edge of an input of {edge} voxels"
                | None ->
                    Expect.throwsT<InvalidOperationException>
                        (fun () -> network.Relation |> ignore)
                        "no image of the input's kind comes out"
            }

        test "edges that don't fit are refused with those that do" {
            for declaration, size, expected in
                [
                    VNet.Declaration,
                    10L,
                    "Merge2 joins edges of 5 (Encoder2) and 4 (Up2) voxels; edges of 8 or 12 voxels fit"
                    VNet.Declaration, 4L, "Bottom can't take an edge of 1 voxels; edges of 8 voxels fit"
                    IRevNet.Declaration, 6L, "Down2 can't take an edge of 3 voxels; edges of 4 or 8 voxels fit"
                    EspcnRn.Declaration, 4L, "edges of 5 voxels fit"
                ] do
                use network = declaration.Create()
                use input = torch.zeros [| 1L; int64 network.InputChannels; size; size; size |]

                Expect.throwsC (fun () -> network.Run(input, BackpropagationMode.Reversible).Dispose()) (fun e ->
                    Expect.stringContains e.Message expected declaration.Name)
        }
    ]
