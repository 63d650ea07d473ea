/// Slices of a test subject: MD of every method on one grey scale (the paper's Fig. 5), and where they err.
module Iqt.Experiments.Studies.Pictures

open System.IO
open System.Threading
open Iqt.Diffusion
open Iqt.Training

/// Errors of MD from 0 (black) to 1e-3 mm²/s.
let private errorScale = GreyScale(0.0, 1e-3, "mm²/s")

/// Writes <c>md.png</c> and <c>md-error.png</c> of a subject and returns their paths.
let draw
    (folder: string)
    (subject: PreparedSubject)
    (models: (string * TrainedModel) list)
    (cancellation: CancellationToken)
    =
    let images = subject.Load cancellation
    let truth = TensorMaps.MeanDiffusivity images.HighResolution

    let cubic =
        Interpolation.Upsample(images.LowResolution, images.LowResolutionMask, images.Brain, InterpolationMethod.Cubic)

    let predictions = [
        "cubic", TensorMaps.MeanDiffusivity cubic
        for label, model in models do
            let predicted =
                model.Predict(images.LowResolution, images.Brain, cancellation = cancellation)

            label, TensorMaps.MeanDiffusivity predicted
    ]

    let error (predicted: Volume) =
        Volume(truth.Grid, Array.map2 (fun (a: float32) b -> abs (a - b)) predicted.Values truth.Values)

    let slice = AxialSlice truth.Grid
    let path name = Path.Combine(folder, name)

    SliceMontage.Write(
        path "md.png",
        [|
            Panel("low resolution", TensorMaps.MeanDiffusivity images.LowResolution)
            Panel("truth", truth)
            for label, predicted in predictions do
                Panel(label, predicted)
        |],
        slice,
        GreyScale.MeanDiffusivity
    )

    SliceMontage.Write(
        path "md-error.png",
        [|
            for label, predicted in predictions do
                Panel($"{label}: |error|", error predicted)
        |],
        slice,
        errorScale
    )

    [ path "md.png"; path "md-error.png" ]
