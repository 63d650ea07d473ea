namespace Iqt.Experiments.Statistics

open System
open Iqt.Training
open MathNet.Numerics.Distributions
open MathNet.Numerics.Statistics

/// A confidence interval for the mean by resampling subjects with replacement.
type Bootstrap = {
    /// Lower end.
    Lower: float
    /// Upper end.
    Upper: float
} with

    /// Bias-corrected and accelerated interval (Efron 1987) for the mean of the values. Needs two different values;
    /// otherwise both ends are the mean.
    static member OfMean(confidence: float, resamples: int, seed: uint64, values: float array) =
        let n = values.Length
        let mean = Array.average values

        if Array.forall ((=) values[0]) values then
            { Lower = mean; Upper = mean }
        else
            let random = SeededRandom seed

            let means =
                Array.init resamples (fun _ ->
                    let mutable sum = 0.0

                    for _ in 1..n do
                        sum <- sum + values[random.Next n]

                    sum / float n)

            Array.sortInPlace means

            // Half of the resamples that hit the mean exactly count as below it.
            let below =
                means
                |> Array.sumBy (fun found ->
                    if found < mean then 1.0
                    elif found = mean then 0.5
                    else 0.0)

            let bias = Normal.InvCDF(0.0, 1.0, below / float resamples)
            // Leaving out value i moves the mean by (mean − value) / (n − 1): the jackknife in closed form.
            let influence = values |> Array.map (fun value -> value - mean)

            let acceleration =
                Array.sumBy (fun d -> d * d * d) influence
                / (6.0 * Math.Pow(Array.sumBy (fun d -> d * d) influence, 1.5))

            let quantile probability =
                let z = bias + Normal.InvCDF(0.0, 1.0, probability)
                let adjusted = bias + z / (1.0 - acceleration * z)
                SortedArrayStatistics.Quantile(means, Normal.CDF(0.0, 1.0, adjusted))

            {
                Lower = quantile ((1.0 - confidence) / 2.0)
                Upper = quantile ((1.0 + confidence) / 2.0)
            }
