/// The exact distribution of the signed-rank sum if every difference were as likely positive as negative.
module Iqt.Experiments.Statistics.SignedRankDistribution

/// <summary>
/// The probability of each sum of positive ranks, in halves: element s is P(W+ = s / 2). All 2ⁿ assignments of signs are
/// counted, rank by rank: with the next rank r, half of what had the sum s has s + r. Mid-ranks are whole numbers of
/// halves. Halving is exact in binary, so up to 50 pairs no probability is rounded.
/// </summary>
let ofRanks (ranks: float array) : float array =
    let halves = ranks |> Array.map (fun rank -> int (2.0 * rank))
    let probability = Array.zeroCreate (Array.sum halves + 1)
    probability[0] <- 1.0

    for rank in halves do
        // Downwards, so that a sum is not counted with the same rank twice.
        for sum in probability.Length - 1 .. -1 .. 0 do
            let before = if sum >= rank then probability[sum - rank] else 0.0
            probability[sum] <- 0.5 * (probability[sum] + before)

    probability

/// P(W+ ≤ sum).
let atMost (sum: float) (distribution: float array) =
    distribution |> Seq.truncate (int (floor (2.0 * sum)) + 1) |> Seq.sum
