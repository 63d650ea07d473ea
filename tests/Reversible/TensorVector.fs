/// Tensors as one vector, to compare all gradients or statistics of a network at once.
module Iqt.Tests.Reversible.TensorVector

open TorchSharp

/// The numbers of all tensors, in double precision.
let vector (tensors: torch.Tensor seq) =
    Array.concat [
        for tensor in tensors do
            use flat = tensor.detach().to_type(torch.float64).contiguous ()
            flat.data<double>().ToArray()
    ]

/// ‖found − expected‖ / ‖expected‖.
let distance (found: float[]) (expected: float[]) =
    let norm values =
        values |> Array.sumBy (fun v -> v * v) |> sqrt

    norm (Array.map2 (-) found expected) / norm expected
