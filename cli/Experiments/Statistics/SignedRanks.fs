namespace Iqt.Experiments.Statistics

/// What becomes of pairs without a difference.
type ZeroRule =
    /// They are dropped before ranking (Wilcoxon 1945).
    | Wilcoxon
    /// They are ranked with the others, then their ranks are dropped (Pratt 1959).
    | Pratt

/// The differences of pairs by their rank and sign; pairs without a difference are out.
type SignedRanks = {
    /// Ranks of the absolute differences, mid-ranks for ties.
    Ranks: float array
    /// Whether the difference is positive, rank by rank.
    Positive: bool array
    /// Pairs without a difference.
    Zeros: int
} with

    /// Sum of the ranks of positive differences (W+).
    member this.PositiveSum =
        Array.zip this.Ranks this.Positive
        |> Array.sumBy (fun (rank, up) -> if up then rank else 0.0)

    /// Sum of the ranks of negative differences (W−).
    member this.NegativeSum = Array.sum this.Ranks - this.PositiveSum

    /// Ranks the differences of pairs.
    static member Of(rule: ZeroRule, differences: float array) =
        let zero (difference: float) = difference = 0.0

        let ranked =
            match rule with
            | Wilcoxon -> Array.filter (zero >> not) differences
            | Pratt -> differences

        let kept =
            Array.zip ranked (MidRanks.ofValues (Array.map abs ranked))
            |> Array.filter (fst >> zero >> not)

        {
            Ranks = Array.map snd kept
            Positive = Array.map (fun (difference, _) -> difference > 0.0) kept
            Zeros = differences |> Array.filter zero |> Array.length
        }
