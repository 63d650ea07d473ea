module Iqt.Tests.Reversible.EngineTests

open System
open System.Collections.Generic
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Reversible.Adjoints
open Iqt.Tests.Networks

let private settings (values: (string * int) list) =
    Dictionary(dict values) :> IReadOnlyDictionary<string, int>

let private blocks (n: int) = settings [ "Blocks", n ]

let private segmentModes = [
    BackpropagationMode.Stored
    BackpropagationMode.Checkpointed
    BackpropagationMode.Reversible
]

let private noise (seed: uint64) (shape: int64[]) =
    use random = new torch.Generator(seed, torch.CPU)
    torch.randn (shape, generator = random)

let private squares (output: torch.Tensor) =
    use square = output.mul output // a power makes a Scalar that the collector may take during the call
    square.mean ()

/// One step without an optimiser; the gradients stay at the parameters.
let private step (network: Network) mode (input: torch.Tensor) =
    network.zero_grad ()
    use loss = network.Backpropagate(input, mode, Func<_, _> squares)
    loss.item<float32> ()

let private gradients (network: Network) =
    use scope = torch.NewDisposeScope()

    [|
        for p in network.parameters () do
            yield! (nonNull p.grad).cpu().data<float32>().ToArray()
    |]

let private agrees name (declaration: NetworkDeclaration) hyperparameters =
    test $"{name}: outputs, gradients, inversion and running statistics agree with one graph in float64" {
        let results = NetworkCheck(declaration, hyperparameters).Run()

        use network = declaration.Create hyperparameters

        let inverted =
            network.Segments
            |> Seq.filter (fun s -> s.Kind <> SegmentKind.Layers)
            |> Seq.length

        Expect.equal
            results.Count
            (3 * segmentModes.Length + inverted + (if network.IsInvertible then 1 else 0))
            "three properties in each mode, and one inversion for each stack and rearrangement"

        for result in results do
            Expect.isTrue
                result.Holds
                $"{result.Property} of {result.Subject}: {result.Error} against {result.Tolerance}"
    }

[<Tests>]
let checks =
    // A user's module draws from the global generator: nobody else may draw meanwhile.
    testSequenced
    <| testList "reversible/check" [
        for name, declaration, hyperparameters in
            [
                "espcn", Espcn.Declaration, settings []
                "espcn-rn, 0 blocks", EspcnRn.Declaration, blocks 0
                "espcn-rn, 1 block", EspcnRn.Declaration, blocks 1
                "espcn-rn, 4 blocks", EspcnRn.Declaration, blocks 4
                "stacks in a row and at the end", Neighbours.Declaration, settings []
                "the same, wider", Neighbours.Declaration, settings [ "Width", 6; "Edge", 1; "Blocks", 3 ]
                "a graph with skips and two outputs", GraphNetwork.Declaration, settings []
                "every other layer", Parade.Declaration, settings []
                "every rearrangement, in 2D", Invertible2d.Declaration, settings []
                "elongated espcn", ElongatedEspcn.Declaration, settings []
                "revnet", RevNet.Declaration, blocks 1
                "i-revnet", IRevNet.Declaration, settings []
                "v-net", VNet.Declaration, settings [ "Width", 4; "Width2", 6; "Width3", 8 ]
                "deep-medic", DeepMedic.Declaration, settings []
                "srdti", Srdti.Declaration, settings [ "Width", 8; "Blocks", 2 ]
            ] do
            agrees name declaration hyperparameters

        test "a figure that is not a number does not pass" {
            let result = CheckResult("gradients", "Reversible", nan, 1e-9)
            Expect.isFalse result.Holds "a reference of zeros gives 0/0 and proves nothing"
        }
    ]

[<Tests>]
let modules =
    // A user's module draws from the global generator, which other tests use as well.
    testSequenced
    <| testList "reversible/modules" [ agrees "modules of a user's own" ModuleNetwork.Declaration (settings []) ]

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
            use input = noise 1UL [| 2L; 6L; 11L; 9L; 7L |]
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
            use input = noise 2UL [| 1L; 6L; 5L; 5L; 5L |]

            for mode in Enum.GetValues<BackpropagationMode>() do
                use pass = network.Run(input, mode)
                use gradient = torch.ones_like pass.Output
                Expect.isNull (pass.Backward gradient) $"{mode}: nobody asked for the input's gradient"
        }

        test "an unknown hyperparameter and an unknown network are refused with the known names" {
            let wrong = settings [ "Depth", 3 ]

            Expect.throwsC (fun () -> EspcnRn.Declaration.Create(wrong).Dispose()) (fun e ->
                Expect.stringContains e.Message "it has Blocks" "hyperparameters")

            let catalog = NetworkCatalog [ typeof<EspcnRn>.Assembly ]

            Expect.throwsC (fun () -> catalog.Find "espcn-rm" |> ignore) (fun e ->
                Expect.stringContains e.Message "espcn, espcn-rn" "networks")
        }
    ]

[<Tests>]
let semantics =
    testList "reversible/semantics" [
        test "a block computes the paper's formulae" {
            // Section 2: z = α + F1(β), β' = β + F2(z), α' = z.
            use network = new EspcnRn(1)
            Initializer.Randomize(network, 3UL)
            network.eval ()
            use input = noise 4UL [| 1L; 6L; 5L; 5L; 5L |]
            use scope = torch.NewDisposeScope()
            use _ = torch.no_grad ()
            let functions = network.modules () |> Seq.choose tryUnbox<Bottleneck> |> Seq.toArray
            let f, g = functions[0], functions[1]
            let alpha, beta = input.narrow (1L, 0L, 3L), input.narrow (1L, 3L, 3L)
            let z = alpha + f.call beta
            let expected = torch.cat ([| z; beta + g.call z |], 1L)
            use output = network.RunSegment("Stack1", input)
            Expect.isTrue (output.allclose expected) "one block of Stack1"
        }

        test "a stack of identity-initialised blocks returns its input" {
            use network = new EspcnRn(3)
            Initializer.Apply(network, InitializationScheme.Identity, 1UL)
            use input = noise 5UL [| 2L; 50L; 3L; 3L; 3L |]
            use output = network.RunSegment("Stack2", input)
            Expect.isTrue (output.equal(input).all().item<bool> ()) "bit for bit"
        }

        for mode in segmentModes do
            test $"{mode}: backward in eval mode equals one graph and changes no statistics" {
                use network = new EspcnRn(2)
                Initializer.Randomize(network, 6UL)
                network.eval ()
                use input = noise 7UL [| 2L; 6L; 7L; 7L; 7L |]

                let before =
                    network.named_buffers ()
                    |> Seq.map (fun struct (_, b) -> b.to_type(torch.float32).data<float32>().ToArray())
                    |> Seq.toList

                step network BackpropagationMode.SingleGraph input |> ignore
                let expected = gradients network
                step network mode input |> ignore
                let found = gradients network

                let difference =
                    Array.map2 (fun a b -> float (a - b) ** 2.0) found expected |> Array.sum |> sqrt

                let size = expected |> Array.sumBy (fun g -> float g ** 2.0) |> sqrt
                Expect.isLessThan (difference / size) 1e-4 "relative difference of the gradients"

                let after =
                    network.named_buffers ()
                    |> Seq.map (fun struct (_, b) -> b.to_type(torch.float32).data<float32>().ToArray())
                    |> Seq.toList

                Expect.equal after before "buffers"
            }

            test $"{mode}: a second backward pass needs retained caches and then doubles the gradients" {
                use network = new EspcnRn(2)
                Initializer.Randomize(network, 8UL)
                use input = noise 9UL [| 2L; 6L; 7L; 7L; 7L |]
                use pass = network.Run(input, mode)
                use gradient = torch.ones_like pass.Output
                pass.Backward(gradient, retainCaches = true) |> ignore
                let once = gradients network
                pass.Backward gradient |> ignore
                let twice = gradients network
                let largest = once |> Array.map abs |> Array.max

                Array.iter2
                    (fun a b -> Expect.isLessThan (abs (b - 2.0f * a)) (1e-4f * largest) "twice the gradient")
                    once
                    twice

                Expect.throwsC (fun () -> pass.Backward gradient |> ignore) (fun e ->
                    Expect.stringContains e.Message "retainCaches: true" "a third pass")
            }

        for name, options in
            [
                "every second block cached", StepOptions(CacheEvery = 2)
                "blocks kept", StepOptions(KeptBlocks = Dictionary(dict [ "Stack2", 2; "Stack3", 4 ]))
                "both", StepOptions(CacheEvery = 2, KeptBlocks = Dictionary(dict [ "Stack1", 1; "Stack2", 3 ]))
            ] do
            test $"{name}: each backward pass gives the same gradients" {
                use network = new EspcnRn(5, dtype = torch.float64)
                Initializer.Randomize(network, 8UL)
                use single = noise 9UL [| 2L; 6L; 6L; 6L; 6L |]
                use input = single.to_type torch.float64

                let gradient () =
                    use _ = torch.NewDisposeScope()

                    torch
                        .cat([| for p in network.parameters () -> (nonNull p.grad).flatten () |])
                        .MoveToOuterDisposeScope()

                let passes (options: StepOptions) n =
                    network.zero_grad ()
                    use pass = network.Run(input, BackpropagationMode.Reversible, options)
                    use dy = torch.ones_like pass.Output

                    for i in 1..n do
                        pass.Backward(dy, retainCaches = (i < n)) |> ignore

                    gradient ()

                use once = passes StepOptions.Default 1
                use thrice = passes options 3
                use difference = thrice.sub (once.mul (torch.tensor 3.0))
                Expect.isLessThan (difference.norm().item<float> () / once.norm().item<float> ()) 1e-9 "three times one"
            }

        test "at 32 blocks the residual stream is float64 of itself: gradients are those of stored activations" {
            let results = NetworkCheck(EspcnRn.Declaration, blocks 32, torch.float32).Stacks()

            Expect.hasLength
                results
                11
                "three inversions; gradients of three stacks and of the network, against stored ones and float64"

            for result in results do
                Expect.isTrue result.Holds $"{result.Property} of {result.Subject}: {result.Error}"

                // An inversion that starts at the rounded output of the stack leaves 1e-4 here.
                if result.Property <> "gradients against float64" then
                    Expect.isLessThan result.Error 1e-5 $"{result.Property} of {result.Subject}"
        }

        test "the declared depth decides the residual stream's type, and every mode keeps to it" {
            use input = (noise 12UL [| 2L; 6L; 7L; 7L; 7L |]).float ()

            let output depth mode stream =
                use network = (EspcnRn.Declaration.Create(blocks depth) :?> EspcnRn)

                Initializer.Randomize(network, 3UL)
                use pass = network.Run(input, mode, StepOptions(StreamType = stream))
                pass.Output.clone ()

            for depth, expected in
                [
                    ResidualStreamType.DeepStack - 1, torch.float32
                    ResidualStreamType.DeepStack, torch.float64
                ] do
                for mode in Enum.GetValues<BackpropagationMode>() do
                    use chosen = output depth mode (Nullable())
                    use asked = output depth mode (Nullable expected)

                    use other =
                        output
                            depth
                            mode
                            (Nullable(
                                if expected = torch.float32 then
                                    torch.float64
                                else
                                    torch.float32
                            ))

                    Expect.isTrue (chosen.Equals asked) $"{depth} blocks, {mode}: {expected}"
                    Expect.isFalse (chosen.Equals other) $"{depth} blocks, {mode}: the other type rounds differently"
        }
    ]

[<Tests>]
let ownership =
    // The count of live tensors is the whole process's: nothing else may run beside.
    testSequenced
    <| testList "reversible/ownership" [
        test "the number of live tensors is the same after every step, whatever is done with the output" {
            use network = new EspcnRn(2)
            use input = noise 10UL [| 1L; 6L; 7L; 7L; 7L |]

            for mode in Enum.GetValues<BackpropagationMode>() do
                step network mode input |> ignore
                let before = Iqt.Tests.LiveTensors.settled ()

                for _ in 1..3 do
                    step network mode input |> ignore
                    network.Run(input, mode).Dispose()

                Expect.equal torch.Tensor.TotalCount before $"{mode}: no tensor waits for the collector"
        }

        for mode in Enum.GetValues<BackpropagationMode>() do
            test $"{mode}: no tensor is left over in a thousand steps" {
                use network = new EspcnRn(1)
                use input = noise 12UL [| 1L; 6L; 5L; 5L; 5L |]
                step network mode input |> ignore
                let before = Iqt.Tests.LiveTensors.settled ()

                for i in 1..1000 do
                    step network mode input |> ignore
                    Expect.equal torch.Tensor.TotalCount before $"after step {i}"
            }

        test "steps survive a collector that runs all the time" {
            // a.add(b) and the like make a Scalar that may be finalised during the native call
            use network = new EspcnRn(1)
            use input = noise 13UL [| 1L; 6L; 7L; 7L; 7L |]
            use stop = new Threading.CancellationTokenSource()

            let collector =
                Threading.Thread(fun () ->
                    while not stop.IsCancellationRequested do
                        GC.Collect()
                        GC.WaitForPendingFinalizers())

            collector.Start()

            try
                for i in 1..300 do
                    let mode = segmentModes[i % segmentModes.Length]
                    Expect.isTrue (Single.IsFinite(step network mode input)) $"loss of step {i}"
            finally
                stop.Cancel()
                collector.Join()
        }

        for mode in segmentModes do
            test $"{mode}: an exception in the middle of a stack's backward pass frees everything" {
                use network = new EspcnRn(3)
                use input = noise 14UL [| 1L; 6L; 7L; 7L; 7L |]
                let mutable complete = 0

                let options =
                    StepOptions(
                        CacheEvery = 2,
                        GradientsComplete =
                            Action<_>(fun _ ->
                                complete <- complete + 1

                                if complete = 3 then
                                    failwith "stop")
                    )

                let before = Iqt.Tests.LiveTensors.settled ()

                Expect.throwsC
                    (fun () -> network.Backpropagate(input, mode, Func<_, _> squares, options).Dispose())
                    (fun e -> Expect.stringContains e.Message "stop" "the caller's own exception")

                for p in network.parameters () do
                    match p.grad with
                    | null -> ()
                    | gradient ->
                        p.grad <- null
                        gradient.Dispose()

                Expect.equal torch.Tensor.TotalCount before "live tensors"
            }

        test "an exception in the middle of the forward pass frees everything" {
            use network = new EspcnRn(2)
            // A parameter of another type makes Layer2's convolution throw, after Stack1 and Layer1 ran.
            use input = noise 11UL [| 1L; 6L; 7L; 7L; 7L |]

            let second =
                network.named_modules ()
                |> Seq.pick (fun struct (name, m) -> if name = "layer2.conv" then Some m else None)

            second.``to`` (torch.float64) |> ignore
            let before = Iqt.Tests.LiveTensors.settled ()

            // With one thread the convolution is a product of matrices (ConvolutionAdjoint).
            for threads in [ 1; 2 ] do
                use _ = Iqt.Tests.Threads.exactly threads

                for mode in segmentModes do
                    Expect.throws
                        (fun () -> network.Run(input, mode).Dispose())
                        $"mixed types, %A{mode}, {threads} threads"

            Expect.equal torch.Tensor.TotalCount before "live tensors"
        }
    ]
