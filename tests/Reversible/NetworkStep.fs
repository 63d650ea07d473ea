/// A training step without an optimiser.
module Iqt.Tests.Reversible.NetworkStep

open System
open System.Collections.Generic
open TorchSharp
open Iqt.Reversible

/// Hyperparameters as a declaration takes them.
let settings (values: (string * int) list) =
    Dictionary(dict values) :> IReadOnlyDictionary<string, int>

/// All modes but one graph.
let segmentModes = [
    BackpropagationMode.Stored
    BackpropagationMode.Checkpointed
    BackpropagationMode.Reversible
]

/// A loss: the mean of squares.
let squares (output: torch.Tensor) =
    use square = output.mul output // a power makes a Scalar that the collector may take during the call
    square.mean ()

/// The loss of a step; the gradients stay at the parameters.
let step (network: Network) mode (input: torch.Tensor) =
    network.zero_grad ()
    use loss = network.Backpropagate(input, mode, Func<_, _> squares)
    loss.item<float32> ()

/// The parameters' gradients, in the parameters' order.
let gradients (network: Network) =
    use scope = torch.NewDisposeScope()

    [|
        for p in network.parameters () do
            yield! (nonNull p.grad).cpu().data<float32>().ToArray()
    |]
