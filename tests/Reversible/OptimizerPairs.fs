/// Flat optimisers and their counterparts in TorchSharp, and what their tests compare.
module Iqt.Tests.Reversible.OptimizerPairs

open System
open System.Collections.Generic
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Reversible.Adjoints
open Iqt.Reversible.Optimizers
open Iqt.Tests.Reversible.NetworkStep

/// Every number of the network, in float64, by name.
let weights (network: Network) = [
    for struct (name, parameter) in network.named_parameters () do
        use double = parameter.detach().to_type torch.float64
        name, double.data<float>().ToArray()
]

/// One step of a network with any number of outputs.
let backpropagate (network: Network) mode (input: torch.Tensor) (options: StepOptions | null) =
    let loss (outputs: IReadOnlyList<torch.Tensor>) =
        let mutable total = squares outputs[0]

        for output in Seq.skip 1 outputs do
            use before = total
            use square = squares output
            total <- before.add square

        total

    network.Backpropagate([| input |], mode, Func<_, _> loss, options).Dispose()

/// The largest difference between the networks' numbers, relative to the largest number of each tensor.
let difference (a: Network) (b: Network) =
    List.map2
        (fun (_, x) (_, y) ->
            let largest = Array.fold (fun m v -> max m (abs v)) 1e-30 y
            (Array.map2 (fun p q -> abs (p - q)) x y |> Array.max) / largest)
        (weights a)
        (weights b)
    |> List.max

let twins (dtype: torch.ScalarType) =
    let network () =
        let network = new EspcnRn(2, torch.CPU, dtype)
        Initializer.Randomize(network, 1UL)
        network

    network (), network ()

/// An optimiser of TorchSharp's and ours, made for a network.
let pairs: (string * (Network -> torch.optim.Optimizer) * (Network -> FlatOptimizer)) list = [
    "Adam", (fun n -> torch.optim.Adam(n.parameters (), 1e-3)), (fun n -> new Adam(n, 1e-3))
    "Adam with weight decay",
    (fun n -> torch.optim.Adam(n.parameters (), 1e-3, weight_decay = 0.1)),
    (fun n -> new Adam(n, 1e-3, weightDecay = 0.1))
    "AdamW",
    (fun n -> torch.optim.AdamW(n.parameters (), 1e-3, weight_decay = 0.1)),
    (fun n -> new Adam(n, 1e-3, weightDecay = 0.1, isDecoupled = true))
    "SGD", (fun n -> torch.optim.SGD(n.parameters (), 1e-3)), (fun n -> new StochasticGradientDescent(n, 1e-3))
    "SGD with momentum and weight decay",
    (fun n -> torch.optim.SGD(n.parameters (), 1e-3, momentum = 0.9, weight_decay = 0.1)),
    (fun n -> new StochasticGradientDescent(n, 1e-3, momentum = 0.9, weightDecay = 0.1))
    "Nesterov",
    (fun n -> torch.optim.SGD(n.parameters (), 1e-3, momentum = 0.9, nesterov = true)),
    (fun n -> new StochasticGradientDescent(n, 1e-3, momentum = 0.9, isNesterov = true))
]

/// Gradients that depend on nothing but seed and step: a pass would amplify the rounding of earlier updates.
let giveGradients (network: Network) (step: int) (skip: string -> bool) =
    let mutable seed = uint64 (1000 * step)

    for struct (name, parameter) in network.named_parameters () do
        seed <- seed + 1UL

        if skip name then
            parameter.grad <- null
        else
            use drawn = Noise.double seed parameter.shape
            use gradient = drawn.to_type parameter.dtype
            parameter.grad <- gradient
