namespace Iqt.Experiments

open Iqt.Training

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
    static member Of(values: float list) =
        let mean = List.average values

        let deviation =
            if values.Length < 2 then
                nan
            else
                sqrt (
                    (values |> List.sumBy (fun value -> (value - mean) * (value - mean)))
                    / float (values.Length - 1)
                )

        { Mean = mean; Deviation = deviation }

/// The errors of one method (a network or an interpolation) on the same subjects as the others.
type MethodErrors = {
    /// For example <c>cubic interpolation</c>.
    Method: string
    /// One per subject.
    Errors: SubjectError list
} with

    /// A figure's mean and deviation over the subjects.
    member this.Over(figure: SubjectError -> float) = Summary.Of(List.map figure this.Errors)
