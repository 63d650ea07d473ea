namespace Iqt.Experiments.Statistics

open MathNet.Numerics.Statistics

/// Mean and standard deviation (n − 1) over subjects.
type Summary = {
    /// Mean.
    Mean: float
    /// Standard deviation; NaN for one subject.
    Deviation: float
} with

    /// Mean and deviation with some digits behind the point, for example <c>17.20 ± 0.31</c>; a dash where a region has no voxels.
    member this.Format(digits: int) =
        let text (value: float) =
            value.ToString($"F{digits}", System.Globalization.CultureInfo.InvariantCulture)

        if System.Double.IsNaN this.Mean then "–"
        elif System.Double.IsNaN this.Deviation then text this.Mean
        else $"{text this.Mean} ± {text this.Deviation}"

    /// Of some figures.
    static member Of(values: float list) = {
        Mean = Statistics.Mean values
        Deviation = Statistics.StandardDeviation values
    }
