namespace Iqt.Experiments.Statistics

/// The Hodges–Lehmann estimate of a shift: the median of all means of two differences (Walsh averages), with the
/// confidence interval that belongs to the signed-rank test (Hollander and Wolfe, section 3.3).
type HodgesLehmann = {
    /// The estimate.
    Estimate: float
    /// Lower end of the interval.
    Lower: float
    /// Upper end of the interval.
    Upper: float
    /// What the interval really covers: at least what was asked for, or all that so few pairs allow.
    Confidence: float
} with

    /// Estimates the shift of paired differences; zeros count as they are.
    static member Of(confidence: float, differences: float array) =
        let n = differences.Length

        let averages =
            Array.sort [|
                for i in 0 .. n - 1 do
                    for j in i .. n - 1 do
                        (differences[i] + differences[j]) / 2.0
            |]

        let count = averages.Length

        // Element k is P(W+ ≤ k) of n ranks without ties.
        let tail =
            SignedRankDistribution.ofRanks (Array.init n (fun i -> float (i + 1)))
            |> Array.indexed
            |> Array.filter (fun (halves, _) -> halves % 2 = 0)
            |> Array.scan (fun sum (_, probability) -> sum + probability) 0.0
            |> Array.tail

        // The k-th smallest and the k-th largest average cover the shift with probability 1 − 2 P(W+ < k).
        let k =
            Seq.initInfinite (fun k -> k + 1)
            |> Seq.takeWhile (fun k -> k <= (count + 1) / 2 && 2.0 * tail[k - 1] <= 1.0 - confidence)
            |> Seq.fold (fun _ k -> k) 1

        {
            Estimate = (averages[(count - 1) / 2] + averages[count / 2]) / 2.0
            Lower = averages[k - 1]
            Upper = averages[count - k]
            Confidence = 1.0 - 2.0 * tail[k - 1]
        }
