namespace Iqt.Experiments.Methods

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

/// A figure of a subject's evaluation.
type Figure = {
    /// As files name it: <c>md</c>.
    Name: string
    /// As tables head it: <c>MD</c>.
    Heading: string
    /// Digits behind the point in tables.
    Digits: int
    /// Whether it is a likeness; an error otherwise.
    MoreIsBetter: bool
    /// Its value.
    Of: SubjectError -> float
}

/// The figures of a subject's evaluation, in the order of tables.
module Figures =
    let private figure name heading digits value = {
        Name = name
        Heading = heading
        Digits = digits
        MoreIsBetter = false
        Of = value
    }

    let private likeness name heading digits value = {
        figure name heading digits value with
            MoreIsBetter = true
    }

    /// RMSE of the six elements, by region: what is tested.
    let regions: Figure list = [
        figure "interior" "interior" 2 _.Interior
        figure "exterior" "exterior" 2 _.Exterior
        figure "total" "total" 2 _.Total
    ]

    /// All of them.
    let all: Figure list =
        regions
        @ [
            figure "covered" "covered" 2 _.Covered
            figure "md" "MD" 2 _.MeanDiffusivity
            figure "fa" "FA" 4 _.FractionalAnisotropy
            likeness "psnr" "PSNR" 2 _.PeakSignalToNoise
            likeness "ssim" "SSIM" 4 _.StructuralSimilarity
        ]

    /// What tables of all of them say above or below, with the units.
    let legend =
        "RMSE of the six elements and of MD in 1e-5 mm²/s, of FA; PSNR in dB (peak 3e-3 mm²/s), SSIM of MD"
