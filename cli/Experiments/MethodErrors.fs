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
