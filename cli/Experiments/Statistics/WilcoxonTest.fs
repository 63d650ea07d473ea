namespace Iqt.Experiments.Statistics

open MathNet.Numerics.Distributions

/// Wilcoxon's signed-rank test of paired figures, two-sided: whether their differences lie symmetrically about 0.
type WilcoxonTest = {
    /// Pairs, those without a difference included.
    Pairs: int
    /// Pairs without a difference.
    Zeros: int
    /// Sum of the ranks of positive differences.
    PositiveSum: float
    /// Sum of the ranks of negative differences.
    NegativeSum: float
    /// Exact p: all assignments of signs are counted.
    Exact: float
    /// p by the normal approximation without continuity correction, as in the paper.
    Approximate: float
    /// p by the normal approximation with continuity correction.
    Corrected: float
    /// Matched-pairs rank-biserial correlation (Kerby 2014): from −1 (all negative) to 1 (all positive).
    RankBiserial: float
} with

    /// The smaller sum: the statistic of tables.
    member this.W = min this.PositiveSum this.NegativeSum

    /// Pairs that say anything.
    member this.Effective = this.Pairs - this.Zeros

    /// Tests the differences of pairs. Without any difference every p is 1.
    static member Of(rule: ZeroRule, differences: float array) =
        let signed = SignedRanks.Of(rule, differences)
        let up, down = signed.PositiveSum, signed.NegativeSum
        let total = up + down

        let exact =
            SignedRankDistribution.ofRanks signed.Ranks
            |> SignedRankDistribution.atMost (min up down)

        // The mean and variance of a sum of independent terms, each rank or 0 with probability 1/2. With mid-ranks and
        // Pratt's ranks that is the textbook formula with its corrections for ties and zeros.
        let deviation = sqrt (0.25 * Array.sumBy (fun rank -> rank * rank) signed.Ranks)

        let tail correction =
            if deviation = 0.0 then
                1.0
            else
                let distance = abs (up - total / 2.0)
                // As in R and SciPy: a distance of exactly 0 is not corrected, a smaller one than the correction turns.
                let corrected = if distance = 0.0 then 0.0 else abs (distance - correction)
                2.0 * Normal.CDF(0.0, 1.0, -corrected / deviation)

        {
            Pairs = differences.Length
            Zeros = signed.Zeros
            PositiveSum = up
            NegativeSum = down
            Exact = min 1.0 (2.0 * exact)
            Approximate = tail 0.0
            Corrected = tail 0.5
            RankBiserial = if total = 0.0 then 0.0 else (up - down) / total
        }
