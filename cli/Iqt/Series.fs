/// A diffusion-weighted series with its gradient table and brain mask, as named on the command line.
module Iqt.Cli.Series

open Iqt.Diffusion

/// The three inputs of a tensor fit.
type Series = {
    /// The volumes.
    Source: DwiSource
    /// b-values and directions.
    Gradients: GradientTable
    /// Brain voxels.
    Mask: Mask
    /// Whether the mask was computed rather than given.
    MaskComputed: bool
}

/// What a user should know where there was no mask; the path is that of the one that was computed.
let computedMask (path: string) =
    $"No mask was given: one was computed from the b=0 volumes, {path}; look at it before you rely on it, or name one by --mask."

/// The gradient files that are named, or those beside a series.
let gradientFiles (dwi: string) (bval: string option) (bvec: string option) =
    match bval, bvec with
    | Some values, Some directions -> GradientFiles(values, directions)
    | None, None -> GradientFiles.Beside dwi
    | _ ->
        raise (
            UsageException
                "--bval and --bvec belong together: name both, or neither to use the files beside the series."
        )

/// Opens a series. Gradient files that are not named are looked for beside it; without a mask one is computed.
let load (streams: Streams) (dwi: string) (bval: string option) (bvec: string option) (mask: string option) =
    let source = DwiFile dwi

    let gradients = (gradientFiles dwi bval bvec).Read()
    gradients.CheckVolumes(source.Volumes, dwi)

    let brain =
        match mask with
        | Some path -> MaskFile.Read(path, source.Grid)
        | None -> BrainMask.Compute(source, gradients, streams.Cancellation)

    {
        Source = source
        Gradients = gradients
        Mask = brain
        MaskComputed = mask.IsNone
    }
