/// Holm's step-down adjustment (1979): keeps the chance of any false finding in a table below the level.
module Iqt.Experiments.Statistics.Holm

/// The adjusted p of each test of a table, in its order.
let adjust (probabilities: float array) : float array =
    let order =
        Array.sortBy (fun i -> probabilities[i]) [| 0 .. probabilities.Length - 1 |]

    let adjusted = Array.zeroCreate probabilities.Length
    let mutable largest = 0.0

    order
    |> Array.iteri (fun step i ->
        largest <- max largest (min 1.0 (float (probabilities.Length - step) * probabilities[i]))
        adjusted[i] <- largest)

    adjusted
