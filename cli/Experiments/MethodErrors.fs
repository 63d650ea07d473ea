namespace Iqt.Experiments

open Iqt.Experiments.Statistics
open Iqt.Training

/// The errors of one method (a network or an interpolation) on the same subjects as the others.
type MethodErrors = {
    /// For example <c>cubic interpolation</c>.
    Method: string
    /// One per subject.
    Errors: SubjectError list
} with

    /// A figure's mean and deviation over the subjects.
    member this.Over(figure: SubjectError -> float) = Summary.Of(List.map figure this.Errors)

/// The figures of a subject's evaluation, as tables and files name them.
module Figures =
    /// Name and value of each, in the order of tables.
    let all: (string * (SubjectError -> float)) list = [
        "interior", _.Interior
        "exterior", _.Exterior
        "total", _.Total
        "md", _.MeanDiffusivity
        "fa", _.FractionalAnisotropy
        "psnr", _.PeakSignalToNoise
        "ssim", _.StructuralSimilarity
    ]

    /// Column heads for people.
    let headers = [ "interior"; "exterior"; "total"; "MD"; "FA"; "PSNR"; "SSIM" ]

    /// What stands in the columns, and in which units.
    let legend =
        "RMSE of the six elements and of MD in 1e-5 mm²/s, of FA; PSNR in dB (peak 3e-3 mm²/s), SSIM of MD"

    let private format (index: int) (value: float) =
        // Of a small brain no voxel is interior: no figure rather than NaN.
        if System.Double.IsNaN value then
            "–"
        elif headers[index] = "FA" || headers[index] = "SSIM" then
            $"%.4f{value}"
        else
            $"%.2f{value}"

    /// A subject's figures as text.
    let cells (error: SubjectError) =
        all |> List.mapi (fun i (_, figure) -> format i (figure error))

    /// A method's figures over the subjects as text: mean and deviation.
    let summaries (method: MethodErrors) =
        all
        |> List.mapi (fun i (_, figure) ->
            let found = method.Over figure

            if System.Double.IsNaN found.Deviation then
                format i found.Mean
            else
                $"{format i found.Mean} ± {format i found.Deviation}")
