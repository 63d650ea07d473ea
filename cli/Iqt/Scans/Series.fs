/// A diffusion-weighted series with its gradient table and brain mask, as named on the command line.
module Iqt.Cli.Series

open System
open Iqt.Diffusion

/// The three inputs of a tensor fit.
type Series = {
    /// The volumes.
    Source: DwiSource
    /// b-values and directions.
    Gradients: GradientTable
    /// Brain voxels.
    Mask: Mask
    /// Where the mask was read from: named, or beside the series; none if it was computed.
    MaskFile: string option
}

/// What a user should know where there was no mask; the path is that of the one that was computed.
let computedMask (path: string) =
    $"There is no mask: one was computed from the b=0 volumes, {path}; look at it before you rely on it, or name one by --mask."

/// Refuses to write a computed mask over another one, which may be the work of hours.
let checkComputedMask (path: string) (computed: Mask) =
    let isSame () =
        try
            MaskFile.Read(path, computed.Grid).Values.AsSpan().SequenceEqual(computed.Values)
        with :? DataException ->
            false

    if System.IO.File.Exists path && not (isSame ()) then
        raise (
            DataException
                $"{path}: is a mask already, another than the one that was computed and would take its place. Use it by --mask {path}, remove it, or choose another --out."
        )

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

/// How a command's help says which mask is used where none is named.
let maskUsage =
    "brain mask (default: the one beside the series under the name that BIDS or HCP give it, else one is computed from the b=0 volumes)."

/// Opens a series. Gradient files and a mask that are not named are looked for beside it; where there is no mask, one is
/// computed.
let load (streams: Streams) (dwi: string) (bval: string option) (bvec: string option) (mask: string option) =
    let source = DwiFile dwi

    let gradients = (gradientFiles dwi bval bvec).Read()
    gradients.CheckVolumes(source.Volumes, dwi)

    let maskFile = mask |> Option.orElse (Option.ofObj (MaskPaths.Beside dwi))

    if mask.IsNone && maskFile.IsSome then
        streams.Say $"The mask beside the series is used: {maskFile.Value}; name another by --mask."

    let brain =
        match maskFile with
        | Some path -> MaskFile.Read(path, source.Grid)
        | None -> BrainMask.Compute(source, gradients, streams.Cancellation)

    {
        Source = source
        Gradients = gradients
        Mask = brain
        MaskFile = maskFile
    }
