/// The picture of a demo.
module Iqt.Experiments.Demo.DemoPicture

open System.IO
open Iqt.Diffusion
open Iqt.Training

/// Writes MD of a subject side by side: LR, cubic interpolation, truth, the networks. Returns the file and each panel as a PNG.
let write (settings: DemoSettings) (models: (string * TrainedModel) list) (subject: PreparedSubject) cancellation =
    let images = subject.Load cancellation
    let md (tensors: TensorImage) = TensorMaps.MeanDiffusivity tensors

    let panels = [|
        Panel("low resolution", md images.LowResolution)
        Panel(
            "cubic",
            md (
                Interpolation.Upsample(
                    images.LowResolution,
                    images.LowResolutionMask,
                    images.Brain,
                    InterpolationMethod.Cubic
                )
            )
        )
        Panel("truth", md images.HighResolution)
        for name, model in models do
            Panel(name, md (model.Predict(images.LowResolution, images.Brain, cancellation = cancellation)))
    |]

    let path = Path.Combine(settings.Folder, "md.png")
    let slice = AxialSlice images.HighResolution.Grid
    SliceMontage.Write(path, panels, slice, GreyScale.MeanDiffusivity)

    // One by one as well, for a page that is narrower than all of them.
    path,
    [
        for panel in panels -> panel.Label, SliceMontage.Render([| panel |], slice, GreyScale.MeanDiffusivity)
    ]
