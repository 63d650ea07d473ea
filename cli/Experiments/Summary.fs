namespace Iqt.Experiments

open System
open Iqt.Training

/// A mean over subjects with its spread.
[<Struct>]
type MeanAndDeviation = {
    /// Of the subjects.
    Mean: float
    /// Sample standard deviation, with n − 1; 0 for one subject.
    Deviation: float
}

/// RMSE of one method over the test subjects, in 1e-5 mm²/s, as in the paper's Fig. 4.
type ErrorSummary = {
    Interior: MeanAndDeviation
    Exterior: MeanAndDeviation
    Total: MeanAndDeviation
}

module ErrorSummary =
    let private meanAndDeviation (values: float list) =
        let mean = List.average values

        let variance =
            match values.Length with
            | 1 -> 0.0
            | n -> (values |> List.sumBy (fun value -> (value - mean) ** 2.0)) / float (n - 1)

        {
            Mean = mean
            Deviation = sqrt variance
        }

    /// Over at least one subject. A subject without voxels in a region does not count there.
    let ofErrors (errors: SubjectError list) =
        let over (region: SubjectError -> float) =
            match errors |> List.map region |> List.filter Double.IsFinite with
            | [] -> { Mean = nan; Deviation = nan }
            | values -> meanAndDeviation values

        {
            Interior = over _.Interior
            Exterior = over _.Exterior
            Total = over _.Total
        }

    /// For example <c>17.90 ± 0.52</c>.
    let show (value: MeanAndDeviation) =
        $"%.2f{value.Mean} ± %.2f{value.Deviation}"
