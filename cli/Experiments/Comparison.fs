/// Trained networks beside interpolation, on the same subjects and regions.
module Iqt.Experiments.Comparison

open System
open System.Threading
open Iqt.Training

/// Evaluates linear and cubic interpolation and each model on every subject.
let run
    (models: (string * TrainedModel) list)
    (subjects: PreparedSubject list)
    (progress: IProgress<float>)
    (cancellation: CancellationToken)
    : MethodErrors list =
    let patchSize =
        match models with
        | (_, model) :: _ -> model.Geometry.InputSize
        | [] -> TrainingSettings.Default.PatchSize

    let methods: (string * (SubjectImages -> SubjectError)) list =
        [
            "linear interpolation", (fun images -> Evaluation.Of(InterpolationMethod.Linear, images, patchSize))
            "cubic interpolation", (fun images -> Evaluation.Of(InterpolationMethod.Cubic, images, patchSize))
        ]
        @ (models
           |> List.map (fun (name, model) ->
               name, (fun images -> Evaluation.Of(model, images, cancellation = cancellation))))

    let errors =
        subjects
        |> List.mapi (fun i subject ->
            let images = subject.Load cancellation
            let errors = methods |> List.map (fun (_, evaluate) -> evaluate images)
            progress.Report(float (i + 1) / float subjects.Length)
            errors)

    methods
    |> List.mapi (fun i (name, _) -> {
        Method = name
        Errors = errors |> List.map (List.item i)
    })
