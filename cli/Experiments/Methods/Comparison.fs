/// Methods side by side: the errors of each on the same subjects and regions.
module Iqt.Experiments.Methods.Comparison

open System
open System.Threading
open Iqt.Diffusion
open Iqt.Training

/// A way to make an HR image of an LR image.
type Method = {
    /// For example <c>cubic interpolation</c>.
    Name: string
    /// Predicts the HR tensors of a subject.
    Predict: SubjectImages -> TensorImage
}

/// Linear, cubic and B-spline interpolation.
let interpolation: Method list =
    [
        "linear interpolation", InterpolationMethod.Linear
        "cubic interpolation", InterpolationMethod.Cubic
        "B-spline interpolation", InterpolationMethod.BSpline
    ]
    |> List.map (fun (name, method) -> {
        Name = name
        Predict =
            fun subject ->
                Interpolation.Upsample(subject.LowResolution, subject.LowResolutionMask, subject.Brain, method)
    })

/// Linear IQT, fitted on the training subjects with its penalty chosen on the validation subjects.
let ridge (training: SubjectImages list) (validation: SubjectImages list) (cancellation: CancellationToken) : Method =
    let fitted =
        RidgeRegression.Fit(List.toArray training, List.toArray validation, cancellation = cancellation)

    {
        Name = "ridge regression"
        Predict = fitted.Predict
    }

/// A trained network, by the training tile.
let network (name: string) (model: TrainedModel) (cancellation: CancellationToken) : Method = {
    Name = name
    Predict = fun subject -> model.Predict(subject.LowResolution, subject.Brain, cancellation = cancellation)
}

/// A trained network on the whole volume, in slabs where it would take more bytes than <c>memory</c>.
let wholeNetwork (name: string) (model: TrainedModel) (memory: int64) (cancellation: CancellationToken) : Method = {
    Name = name
    Predict =
        fun subject ->
            model.Predict(
                subject.LowResolution,
                subject.Brain,
                Tiling.Whole,
                memory = memory,
                cancellation = cancellation
            )
}

/// Evaluates every method on every subject. The patch size decides what is interior.
let run
    (methods: Method list)
    (patchSize: int)
    (subjects: PreparedSubject list)
    (progress: IProgress<float>)
    (cancellation: CancellationToken)
    : MethodErrors list =
    let errors =
        subjects
        |> List.mapi (fun i subject ->
            let images = subject.Load cancellation

            let errors =
                methods
                |> List.map (fun method -> Evaluation.Of(method.Predict images, images, patchSize))

            progress.Report(float (i + 1) / float subjects.Length)
            errors)

    methods
    |> List.mapi (fun i method -> {
        Method = method.Name
        Errors = errors |> List.map (List.item i)
    })
