/// Declared networks against modules written by hand. NetworkCheck compares generated code with generated code: a mistake
/// that all modes share (an order of channels, a formula) shows only here.
module Iqt.Tests.Reversible.ReferenceTests

open System
open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Tests.Networks
open Iqt.Tests.Networks.References
open Iqt.Tests.Reversible.TensorVector

type private Case = {
    Name: string
    Network: unit -> Network
    Reference: unit -> Reference
    Inputs: int64[] list
}

let private float64 = Nullable torch.float64

let private case name (network: unit -> #Network) (reference: unit -> #Reference) inputs = {
    Name = name
    Network = fun () -> network () :> Network
    Reference = fun () -> reference () :> Reference
    Inputs = inputs
}

let private cases = [
    case "espcn" (fun () -> new Espcn(dtype = float64)) (fun () -> new EspcnReference()) [ [| 2L; 6L; 6L; 7L; 5L |] ]
    case "espcn-rn" (fun () -> new EspcnRn(2, dtype = float64)) (fun () -> new EspcnRnReference(2)) [
        [| 2L; 6L; 6L; 7L; 5L |]
    ]
    case "revnet" (fun () -> new RevNet(2, 24, 5, dtype = float64)) (fun () -> new RevNetReference(2, 24, 5)) [
        [| 3L; 3L; 10L; 8L |]
    ]
    case "i-revnet" (fun () -> new IRevNet(3, dtype = float64)) (fun () -> new IRevNetReference(3)) [
        [| 2L; 2L; 4L; 8L; 4L |]
    ]
    case "v-net" (fun () -> new VNet(2, 4, 6, 8, 3, dtype = float64)) (fun () -> new VNetReference(2, 4, 6, 8, 3)) [
        [| 2L; 1L; 8L; 12L; 8L |]
    ]
    case "deep-medic" (fun () -> new DeepMedic(2, 3, dtype = float64)) (fun () -> new DeepMedicReference(2, 3)) [
        [| 2L; 1L; 7L; 10L; 7L |]
        [| 2L; 1L; 5L; 6L; 5L |]
    ]
    case "srdti" (fun () -> new Srdti(2, 8, dtype = float64)) (fun () -> new SrdtiReference(2, 8)) [
        [| 2L; 6L; 4L; 5L; 3L |]
    ]
    case "graph" (fun () -> new GraphNetwork(3, dtype = float64)) (fun () -> new GraphReference(3)) [
        [| 2L; 2L; 6L; 4L; 8L |]
    ]
    case "invertible" (fun () -> new Invertible2d(dtype = float64)) (fun () -> new Invertible2dReference()) [
        [| 2L; 2L; 8L; 12L |]
    ]
    case "parade" (fun () -> new Parade(dtype = float64)) (fun () -> new ParadeReference()) [
        [| 2L; 4L; 8L; 12L; 8L |]
    ]
]

/// Parameters and buffers by name.
let private state (m: torch.nn.Module) =
    Map [
        for struct (name, parameter) in m.named_parameters () do
            name, parameter :> torch.Tensor
        for struct (name, buffer) in m.named_buffers () do
            name, buffer
    ]

let private isStatistic (name: string) = name.Contains "running_"

/// Random parameters and running statistics: zeros and ones hide mistakes.
let private randomize (network: Network) =
    use _ = torch.no_grad ()
    use scope = torch.NewDisposeScope()
    Initializer.Randomize(network, 1UL)

    for i, (name, tensor) in Seq.indexed (Map.toSeq (state network)) do
        if isStatistic name then
            let drawn = Noise.double (uint64 (100 + i)) tensor.shape
            let positive = torch.add (drawn.square (), torch.full_like (drawn, 0.5.ToScalar()))
            tensor.copy_ (if name.EndsWith "var" then positive else drawn) |> ignore

let private copy (source: torch.nn.Module) (target: torch.nn.Module) =
    use _ = torch.no_grad ()
    let sources, targets = state source, state target
    Expect.equal (List.ofSeq targets.Keys) (List.ofSeq sources.Keys) "names of parameters and buffers"

    for name, tensor in Map.toSeq sources do
        Expect.equal targets[name].shape tensor.shape name
        targets[name].copy_ tensor |> ignore

/// Gradients of the parameters, in the order of their names, then of the inputs.
let private gradients (m: torch.nn.Module) (inputGradients: torch.Tensor seq) =
    vector [
        for struct (_, parameter) in m.named_parameters () |> Seq.sortBy (fun struct (name, _) -> name) do
            nonNull parameter.grad
        yield! inputGradients
    ]

let private statistics (m: torch.nn.Module) =
    vector (state m |> Map.filter (fun name _ -> isStatistic name) |> Map.values)

let private stepSeed = 12345UL

let private tolerance = 1e-12

let private verify case training =
    use scope = torch.NewDisposeScope()
    let inputs = case.Inputs |> List.mapi (uint64 >> Noise.double) |> List.toArray
    use reference = case.Reference()
    reference.``to`` torch.float64 |> ignore
    let initial = case.Network()
    randomize initial
    copy initial reference
    reference.train training

    for dropout in reference.modules () |> Seq.choose tryUnbox<SeededDropout> do
        dropout.StepSeed <- stepSeed

    let leaves = inputs |> Array.map (fun input -> input.clone().requires_grad_ ())
    let expected = reference.Outputs leaves

    let outputGradients =
        expected
        |> Array.mapi (fun i output -> Noise.double (uint64 (10 + i)) output.shape)

    torch.autograd.backward (expected, outputGradients)

    let expectedGradients =
        gradients reference (leaves |> Seq.map (fun leaf -> nonNull leaf.grad))

    for mode in Enum.GetValues<BackpropagationMode>() do
        use network = case.Network()
        copy initial network
        network.train training
        use pass = network.Run(inputs, mode, Execution(true, stepSeed))
        Expect.equal [ for o in pass.Outputs -> o.shape ] [ for o in expected -> o.shape ] "shapes"
        let inputGradients = pass.Backward(outputGradients, wantInputGradients = true)

        for what, found, wanted in
            [
                "outputs", vector pass.Outputs, vector expected
                "gradients", gradients network inputGradients, expectedGradients
                "running statistics", statistics network, statistics reference
            ] do
            if wanted.Length > 0 then
                Expect.isLessThan (distance found wanted) tolerance $"{mode}: {what}"

    initial.Dispose()

[<Tests>]
let tests =
    testList "reversible/reference" [
        for case in cases do
            for training in [ true; false ] do
                let what = if training then "training" else "eval"

                test $"{case.Name} in {what} mode computes what a module written by hand does, in every mode" {
                    verify case training
                }
    ]
