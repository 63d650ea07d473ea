/// A scan as a network gets it: its tensors and its brain.
module Iqt.Cli.LowResolution

open Iqt.Diffusion

/// Tensors of the scan's own resolution.
type LowResolution = {
    /// Fitted as those that the network was trained on.
    Tensors: TensorImage
    /// Brain voxels.
    Mask: Mask
    /// Where the mask is: named, beside the scan, or computed and written there.
    MaskFile: string
    /// Whether it was computed.
    MaskComputed: bool
}

/// Of a tensor image that was fitted before.
let ofTensors (path: string) (mask: string) : LowResolution =
    let image = TensorFile.Read path

    {
        Tensors = image
        Mask = MaskFile.Read(mask, image.Grid)
        MaskFile = mask
        MaskComputed = false
    }

let private load (streams: Streams) (path: string) bval bvec mask =
    try
        Series.load streams path bval bvec mask
    with :? GradientException as error when
        error.Fault = GradientFault.Missing
        && DwiFile(path).Volumes = TensorImage.Elements ->
        raise (
            DataException($"{error.Message} If it is a tensor image, which has six volumes too, say --tensors.", error)
        )

// A network has learnt from tensors of one shell and one weighting: it gets the same.
let private fit (streams: Streams) (series: Series.Series) (trained: FitOptions) =
    let b = (nonNull trained.Shell).BValue

    if trained.Shell <> FitOptions().Shell then
        streams.Say $"Tensors are fitted at b=%g{b} s/mm², as those that the network was trained on."

    try
        Progress.track streams "Fitting tensors" (fun progress ->
            TensorFit.Fit(series.Source, series.Gradients, series.Mask, trained, progress, streams.Cancellation))
    with :? GradientException as error when error.Fault = GradientFault.ShellAbsent ->
        raise (
            DataException(
                $"{error.Message} The network was trained on tensors of b=%g{b} s/mm²: it needs a scan with that shell, or a network that was trained on the scan's.",
                error
            )
        )

/// Of a series, whose tensors are fitted as the network's were; a mask that has to be computed is written to the given place.
let ofSeries (streams: Streams) (trained: FitOptions) (path: string) bval bvec mask (computedMask: string) =
    let series = load streams path bval bvec mask
    OutputFiles.checkWritable computedMask

    if series.MaskFile.IsNone then
        Series.checkComputedMask computedMask series.Mask
        MaskFile.Write(computedMask, series.Mask)
        streams.Say(Series.computedMask computedMask)

    {
        Tensors = (fit streams series trained).Tensors
        Mask = series.Mask
        MaskFile = defaultArg series.MaskFile computedMask
        MaskComputed = series.MaskFile.IsNone
    }
