module Iqt.Tests.Reversible.ElongationTests

open System
open System.Collections.Generic
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Tests.Networks

let private noise (seed: uint64) (shape: int64[]) =
    use random = new torch.Generator(seed, torch.CPU)
    torch.randn (shape, generator = random)

/// Random weights and statistics, as training leaves them.
let private trained (network: #Network) =
    Initializer.Randomize(network, 1UL)
    use _ = torch.no_grad ()

    for struct (name, buffer) in network.named_buffers () do
        if name.EndsWith "running_mean" then
            buffer.fill_ (0.25.ToScalar()) |> ignore
        elif name.EndsWith "running_var" then
            buffer.fill_ (1.5.ToScalar()) |> ignore

    network

let private refusal (action: unit -> unit) =
    try
        action ()
        ""
    with :? ArgumentException as e ->
        e.Message

/// A trained network, its elongated form, input shapes, and the stacks that were put in.
let private pairs: (string * (unit -> Network) * (unit -> Network) * int64[] list * string list) list = [
    "espcn",
    (fun () -> new Espcn()),
    (fun () -> new ElongatedToEspcnRn(2)),
    [ [| 2L; 6L; 6L; 6L; 6L |] ],
    [ "Stack1"; "Stack2"; "Stack3" ]
    "a network compiled elsewhere, with hyperparameters, joins and two inputs",
    (fun () -> new DeepMedic(1, 3)),
    (fun () -> new DeeperMedic(1, 3, 2)),
    [ [| 2L; 1L; 7L; 7L; 7L |]; [| 2L; 1L; 5L; 5L; 5L |] ],
    [ "DetailMore"; "SurroundingMore"; "JoinMore" ]
    "a network with several outputs and stacks of its own",
    (fun () -> new GraphNetwork(2)),
    (fun () -> new DeeperGraph(2)),
    [ [| 2L; 2L; 6L; 4L; 4L |] ],
    [ "StemMore"; "BottomMore"; "ShortcutMore" ]
]

[<Tests>]
let tests =
    testList "reversible/elongation" [
        test "ESPCN-RN declared in full and as an elongation of the ESPCN are the same network" {
            use full = trained (new EspcnRn(2))
            use elongated = new ElongatedToEspcnRn(2)
            elongated.load_state_dict (full.state_dict ()) |> ignore

            let described (network: Network) = [
                for s in network.Segments -> s.Name, s.Operations, Seq.toList s.Sources, s.IsOutput
            ]

            Expect.equal (described elongated) (described full) "segments"
            full.eval ()
            elongated.eval ()
            use input = noise 2UL [| 1L; 6L; 6L; 7L; 5L |]
            use expected = full.call input
            use found = elongated.call input
            Expect.isTrue (found.Equals expected) "bit for bit"
        }

        for name, create, elongate, shapes, stacks in pairs do
            test $"{name}: deepened, it computes what it did before" {
                use network = trained (create ())
                use deeper = elongate ()
                let added = Elongation.LoadAsIdentity(network, deeper, 3UL)
                Expect.equal (added |> Seq.map _.Name |> Set.ofSeq) (Set.ofList stacks) "stacks that were put in"
                use scope = torch.NewDisposeScope()

                let inputs =
                    shapes |> List.mapi (fun i shape -> noise (uint64 i) shape) |> List.toArray

                for training in [ false; true ] do
                    network.train training
                    deeper.train training
                    // Both draw the same dropout masks: the stacks put in have no random layers, whose numbers would shift others.
                    use expected =
                        network.Run(inputs, BackpropagationMode.Checkpointed, Execution(true, 5UL))

                    use found = deeper.Run(inputs, BackpropagationMode.Reversible, Execution(true, 5UL))

                    for a, b in Seq.zip found.Outputs expected.Outputs do
                        // The stacks add zeros, but may leave another memory layout, in which a convolution sums in another order.
                        let difference = torch.sub(a, b).norm().item<float32> () / b.norm().item<float32> ()
                        Expect.isLessThan difference 1e-6f $"relative difference, training: {training}"
            }

            test $"{name}: deepened, it trains on in mode Reversible" {
                use network = trained (create ())
                use deeper = elongate ()
                Elongation.LoadAsIdentity(network, deeper, 3UL) |> ignore
                use scope = torch.NewDisposeScope()

                let inputs =
                    shapes |> List.mapi (fun i shape -> noise (uint64 i) shape) |> List.toArray

                let targets =
                    use pass = deeper.Run(inputs, BackpropagationMode.Reversible)
                    [| for output in pass.Outputs -> noise 9UL output.shape |]

                let loss (outputs: IReadOnlyList<torch.Tensor>) =
                    Seq.zip outputs targets
                    |> Seq.map (fun (output, target) -> torch.nn.functional.mse_loss (output, target))
                    |> Seq.reduce (fun a b -> torch.add (a, b))

                use adam = torch.optim.Adam(deeper.parameters (), 1e-2)

                let losses = [
                    for _ in 1..20 do
                        adam.zero_grad ()

                        use value =
                            deeper.Backpropagate(inputs, BackpropagationMode.Reversible, Func<_, _> loss)

                        adam.step () |> ignore
                        value.item<float32> ()
                ]

                Expect.isLessThan (List.last losses) (0.9f * losses.Head) "loss after 20 steps"

                for struct (name, parameter) in deeper.named_parameters () do
                    let isLast = name.EndsWith "conv.weight" && name.Contains "More"
                    use size = parameter.abs().sum ()
                    Expect.isTrue (not isLast || size.item<float32> () > 0.0f) $"{name} has moved from zero"
            }

        test "weights alone leave the further stacks as they were" {
            use network = trained (new Espcn())
            use deeper = new ElongatedToEspcnRn(1)
            Initializer.Randomize(deeper, 7UL)

            let weight () =
                deeper.state_dict()["stack2.0.f.reduce.conv.weight"]

            use before = (weight ()).clone ()
            Elongation.Load(network, deeper) |> ignore
            use after = weight ()
            Expect.isTrue (after.Equals before) "a weight of Stack2"
            let name = "layer2.conv.weight"
            Expect.isTrue ((deeper.state_dict()[name]).Equals(network.state_dict()[name])) name
        }

        test "what does not fit is refused by name, and nothing changes" {
            use espcn = new Espcn()
            use srdti = new Srdti(2, 8)
            use wider = new Srdti(2, 12)
            use medic = new DeepMedic(1, 3)
            use deeper = new ElongatedToEspcnRn(1)
            use before = (deeper.state_dict()["layer1.conv.weight"]).clone ()

            for action, expected in
                [
                    (fun () -> Elongation.Load(srdti, deeper) |> ignore), "it has no segment Interpolated"
                    (fun () -> Elongation.Load(deeper, espcn) |> ignore), "it has no segment Stack1"
                    (fun () -> Elongation.Load(srdti, wider) |> ignore), "build both with the same hyperparameters"
                    (fun () -> Elongation.Load(espcn, medic) |> ignore), "no elongated form of espcn"
                ] do
                Expect.stringContains (refusal action) expected "message"

            Expect.isTrue ((deeper.state_dict()["layer1.conv.weight"]).Equals before) "weights"
        }

        test "a start that is no identity is refused with the segment and the reason" {
            use espcn = new Espcn()
            use permuted = new PermutedEspcn()
            use layered = new LayeredEspcn()

            Expect.stringContains
                (refusal (fun () -> Elongation.LoadAsIdentity(espcn, permuted, 1UL) |> ignore))
                "Stack Stack of network espcn-permuted (2 × Bottleneck, channels reversed between blocks) does not start"
                "permuted"

            Expect.stringContains
                (refusal (fun () -> Elongation.LoadAsIdentity(espcn, layered, 1UL) |> ignore))
                "Segment Layer of network espcn-widened (Conv3d 50→50 kernel 1, ReLU) is no stack"
                "layers"

            Elongation.Load(espcn, permuted) |> ignore
            Elongation.Load(espcn, layered) |> ignore
        }

        test "residual functions that take no small edges start as the identity" {
            use espcn = new Espcn()
            use mirrored = new MirroredEspcn()

            Expect.equal
                (Elongation.LoadAsIdentity(espcn, mirrored, 1UL) |> Seq.map _.Name |> Seq.toList)
                [ "Stack" ]
                "the stack that was put in"
        }

        test "the mode of each module is what it was" {
            use trained = new Espcn()
            use deeper = new ElongatedToEspcnRn(1)
            let frozen = deeper.modules () |> Seq.pick tryUnbox<Modules.BatchNorm3d>
            frozen.eval ()
            Elongation.LoadAsIdentity(trained, deeper, 1UL) |> ignore
            Expect.isTrue deeper.training "the network's"
            Expect.isFalse frozen.training "of a layer that is not to count batches"
        }
    ]
