/// Ranks of values among each other, from 1; equal values share the mean of their ranks.
module Iqt.Experiments.Statistics.MidRanks

/// The rank of each value. Values are equal if they are the same number: rounding makes no ties.
let ofValues (values: float array) : float array =
    let order = Array.sortBy (fun i -> values[i]) [| 0 .. values.Length - 1 |]
    let ranks = Array.zeroCreate values.Length
    let mutable first = 0

    while first < order.Length do
        let mutable last = first

        while last + 1 < order.Length && values[order[last + 1]] = values[order[first]] do
            last <- last + 1

        for i in first..last do
            ranks[order[i]] <- 1.0 + float (first + last) / 2.0

        first <- last + 1

    ranks
