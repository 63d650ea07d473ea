namespace Iqt.Experiments.Statistics

open MathNet.Numerics.Statistics

/// Mean and standard deviation (n − 1) over subjects.
type Summary = {
    /// Mean.
    Mean: float
    /// Standard deviation; NaN for one subject.
    Deviation: float
} with

    /// For example <c>17.20 ± 0.31</c>; a dash where a region has no voxels.
    member this.Text =
        if System.Double.IsNaN this.Mean then
            "–"
        elif System.Double.IsNaN this.Deviation then
            $"%.2f{this.Mean}"
        else
            $"%.2f{this.Mean} ± %.2f{this.Deviation}"

    /// Of some figures.
    static member Of(values: float list) = {
        Mean = Statistics.Mean values
        Deviation = Statistics.StandardDeviation values
    }
