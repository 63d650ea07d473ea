/// What a declared network is: parameters and their names, sizes, devices, refusals.
module Iqt.Tests.Reversible.StructureTests

open System
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Tests.Networks
open Iqt.Tests.Reversible.NetworkStep

[<Tests>]
let structure =
    testList "reversible/structure" [
        test "parameters of the paper's networks (design: diffusion.md, The network)" {
            use espcn = new Espcn()
            Expect.equal espcn.ParameterCount 142_898L "ESPCN"

            for n, expected in [ 2, 509_250L; 4, 875_602L; 6, 1_241_954L; 8, 1_608_306L ] do
                use network = new EspcnRn(n)
                Expect.equal network.ParameterCount expected $"ESPCN-RN{n}"
        }

        test "parameters and buffers have the declared names" {
            use network = new EspcnRn(1)
            let names = network.state_dict().Keys |> Set.ofSeq

            for name in
                [
                    "stack1.0.f.reduce.conv.weight"
                    "stack1.0.g.spatial.norm.running_mean"
                    "stack3.0.f.expand.norm.num_batches_tracked"
                    "layer1.conv.bias"
                    "layer3.conv.weight"
                ] do
                Expect.contains names name "state dictionary"
        }

        test "sizes follow from the declaration: 11³ in, 14³ out, a margin of 2 voxels" {
            use network = new EspcnRn(1)
            Expect.equal (network.OutputSize 11L) 14L "edge"
            Expect.equal network.UpsamplingRate 2 "rate"
            Expect.equal network.Margin 2.0 "margin"
            Expect.equal (network.InputChannels, network.OutputChannels) (6, 6) "channels"
            use input = Noise.single 1UL [| 2L; 6L; 11L; 9L; 7L |]
            use output = network.call input
            Expect.equal output.shape [| 2L; 6L; 14L; 10L; 6L |] "shape"
        }

        test "an input of the wrong shape is refused with the shape that fits" {
            use network = new EspcnRn(1)

            for shape, expected in
                [
                    [| 1L; 5L; 11L; 11L; 11L |], "6 channels are expected"
                    [| 1L; 6L; 4L; 11L; 11L |], "edges of 5 voxels fit"
                    [| 6L; 11L; 11L; 11L |], "5 dimensions"
                ] do
                use input = torch.zeros shape

                let message =
                    try
                        use output = network.call input
                        ""
                    with :? ArgumentException as e ->
                        e.Message

                Expect.stringContains message expected "message"
        }

        test "parameters and buffers are made on the device and in the type that the constructor names" {
            use network = new EspcnRn(2, torch.META, torch.float64)

            for struct (name, parameter) in network.named_parameters () do
                Expect.equal (parameter.device_type, parameter.dtype) (DeviceType.META, torch.float64) name

            for struct (name, buffer) in network.named_buffers () do
                Expect.equal buffer.device_type DeviceType.META name
        }

        test "an output of a first segment without parameters is differentiated only where it is wanted" {
            use network = new PlainNetwork()
            use input = Noise.single 2UL [| 1L; 6L; 5L; 5L; 5L |]

            for mode in Enum.GetValues<BackpropagationMode>() do
                use pass = network.Run(input, mode)
                use gradient = torch.ones_like pass.Output
                Expect.isNull (pass.Backward gradient) $"{mode}: nobody asked for the input's gradient"
        }

        for setting, value, words in
            [
                "Width", 20, "Total adds Stem (20 channels) and Merge (16 channels), and summands need equal channels"
                // libtorch would stretch one channel over sixteen.
                "Width", 1, "Stem (1 channels)"
                "Voxels", 13, "A voxel shuffle by 2 needs a multiple of 8 channels, and Shuffled has 13"
                "Voxels", 4, "give 8."
                "Normed", 5, "A group normalisation needs a multiple of 2 channels, and Normalized has 5"
                "Groups", 3, "A convolution in groups needs a multiple of 3 channels, and InGroups has 4"
                "Stacked", 6, "works on half of the channels and so needs a multiple of 4 channels, and Stack has 6"
                "Stacked", 5, "Stack has 5"
            ] do
            test $"{setting}={value} is refused when the network is built" {
                Expect.throwsC (fun () -> Choices.Declaration.Create(settings [ setting, value ]).Dispose()) (fun e ->
                    Expect.isTrue (e :? ArgumentException) $"a usage error: {e}"
                    Expect.stringContains e.Message words "message")
            }

        test "settings that keep every demand are taken" {
            use network =
                Choices.Declaration.Create(
                    settings [ "Width", 16; "Voxels", 24; "Normed", 6; "Groups", 4; "Stacked", 8 ]
                )

            Expect.equal network.Segments.Count 8 "segments"
        }

        test "an unknown hyperparameter and an unknown network are refused with the known names" {
            let wrong = settings [ "Depth", 3 ]

            Expect.throwsC (fun () -> EspcnRn.Declaration.Create(wrong).Dispose()) (fun e ->
                Expect.stringContains e.Message "it has Blocks" "hyperparameters")

            let catalog = NetworkCatalog [ typeof<EspcnRn>.Assembly ]

            Expect.throwsC (fun () -> catalog.Find "espcn-rm" |> ignore) (fun e ->
                for known in [ " espcn,"; " espcn-rn," ] do
                    Expect.stringContains e.Message known "networks")
        }
    ]
