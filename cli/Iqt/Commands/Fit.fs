/// <c>iqt fit</c>: diffusion tensors from a diffusion-weighted series.
module Iqt.Cli.Commands.Fit

open System.IO
open Argu
open Iqt.Cli
open Iqt.Diffusion

type Method =
    | Ols
    | Wls
    | Nlls

type Arguments =
    | [<MainCommand; ExactlyOnce>] Dwi of DWI: string
    | [<Mandatory; Unique>] Out of PREFIX: string
    | [<Unique; CustomCommandLine "--bval">] BVal of FILE: string
    | [<Unique; CustomCommandLine "--bvec">] BVec of FILE: string
    | [<Unique>] Mask of FILE: string
    | [<Unique>] Shell of B: float
    | [<Unique>] Method of Method
    | [<Unique>] Reweight of K: int
    | [<Unique>] Order of Order
    | [<Unique>] Residual
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Dwi _ -> "the series, a NIfTI file (.nii or .nii.gz)."
            | Out _ -> "start of the names of the files written, for example results/sub-01."
            | BVal _ -> "b-values (default: the file beside the series)."
            | BVec _ -> "gradient directions (default: the file beside the series)."
            | Mask _ -> Series.maskUsage
            | Shell _ -> "b-value in s/mm² of the shell used with b=0 (default 1000)."
            | Method _ ->
                "ordinary or weighted least squares of the logarithm, or nonlinear least squares of the signal over positive definite tensors (default wls)."
            | Reweight _ ->
                "weighted fits after the ordinary one, with wls and before nlls (default 1, DIPY's; 2 is dwi2tensor's)."
            | Order _ ->
                "order and frame of the tensors: fsl (xx xy xz yy yz zz, bvec frame; default), mrtrix (xx yy zz xy xz yz, scanner), symmatrix (NIfTI's symmetric matrix, scanner)."
            | Residual -> "also write the root mean square residual of the signal."
            | Json -> "print one JSON document."

let examples = [
    "iqt fit sub-01/dwi/sub-01_dwi.nii.gz --out results/sub-01"
    "iqt fit sub-01_dwi.nii.gz --method nlls --order mrtrix --residual --out results/sub-01"
    "iqt fit data.nii.gz --bval bvals --bvec bvecs --mask nodif_brain_mask.nii.gz --out tensors"
]

let private options (arguments: ParseResults<Arguments>) =
    let reweightings =
        match arguments.GetResult(Method, Wls), arguments.TryGetResult Reweight with
        | Ols, None -> 0
        | Ols, Some k ->
            raise (UsageException $"--reweight {k}: belongs to --method wls or nlls. Leave one of the two out.")
        | (Wls | Nlls), k -> defaultArg k 1 |> Options.atLeast 1 "--reweight"

    let shell =
        Iqt.Diffusion.Shell(Options.positive "--shell" (arguments.GetResult(Shell, 1000.0)))

    FitOptions(
        Reweightings = reweightings,
        Shell = shell,
        Constrained = (arguments.GetResult(Method, Wls) = Nlls),
        Residuals = arguments.Contains Residual
    )

let private document (files: string list) (maskComputed: bool) (result: FitResult) =
    Json.object [
        "files", files |> List.map Json.text |> Json.list
        "maskComputed", Json.flag maskComputed
        "voxels", Json.integer result.Voxels
        "volumes", Json.integer result.Volumes
        "traceVolumes", Json.integer result.TraceVolumes
        "clampedSignals", Json.integer result.ClampedSignals
        "withoutSignal", Json.integer result.WithoutSignal
        "nonPositiveDefinite", Json.integer result.NonPositiveDefinite
        "unweighted", Json.integer result.Unweighted
        "unsettled", Json.integer result.Unsettled
    ]

let private report (streams: Streams) (computedMasks: string list) (result: FitResult) =
    let part (count: int) =
        $"{count} voxels (%.2f{100.0 * float count / float result.Voxels} %%)"

    streams.Say $"Fitted {result.Voxels} voxels to {result.Volumes} volumes."

    computedMasks |> List.iter (Series.computedMask >> streams.Say)

    if result.TraceVolumes > 0 then
        streams.Say $"{result.TraceVolumes} trace volumes (b-value without direction) were left out."

    if result.NonPositiveDefinite > 0 then
        streams.Say $"{part result.NonPositiveDefinite} have a tensor that is not positive definite; kept as fitted."

    if result.WithoutSignal > 0 then
        streams.Say $"{part result.WithoutSignal} have no signal; their tensors are zero."

    if result.ClampedSignals > 0L then
        streams.Say $"{result.ClampedSignals} signals were raised to the floor, as a logarithm needs a positive number."

    if result.Unweighted > 0 then
        streams.Say $"{part result.Unweighted} keep an earlier fit: the weighted system could not be solved."

    if result.Unsettled > 0 then
        streams.Say $"{part result.Unsettled} keep the last step of a nonlinear fit that did not settle."

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let options = options arguments
    let prefix = arguments.GetResult Out

    let series =
        Series.load
            streams
            (arguments.GetResult Dwi)
            (arguments.TryGetResult BVal)
            (arguments.TryGetResult BVec)
            (arguments.TryGetResult Mask)

    let name parameter =
        OutputFiles.tensorParameter prefix parameter ".nii.gz"

    OutputFiles.checkWritable (name "diffusivity")

    let mask =
        match series.MaskFile with
        | Some _ -> []
        | None -> [ OutputFiles.mask prefix ]

    mask |> List.iter (fun path -> Series.checkComputedMask path series.Mask)

    let result =
        Progress.track streams "Fitting tensors" (fun progress ->
            TensorFit.Fit(series.Source, series.Gradients, series.Mask, options, progress, streams.Cancellation))

    TensorFile.Write(name "diffusivity", result.Tensors, arguments.GetResult(Order, Fsl).Value)
    VolumeFile.Write(name "s0", result.S0)
    MapSidecar.Write(name "s0", "Fitted signal without diffusion weighting, in units of the series", null)
    mask |> List.iter (fun path -> MaskFile.Write(path, series.Mask))

    let residual =
        match result.Residual with
        | null -> []
        | volume ->
            VolumeFile.Write(name "residual", volume)

            MapSidecar.Write(
                name "residual",
                "Root mean square of measured less fitted signal over the volumes used, in units of the series; signals that were raised to the floor count as the floor",
                null
            )

            [ name "residual" ]

    let files = [ name "diffusivity"; name "s0" ] @ residual @ mask
    report streams mask result

    streams.Result(
        arguments.Contains Json,
        (fun () -> document files series.MaskFile.IsNone result),
        fun writer -> files |> List.iter (fun (file: string) -> writer.WriteLine file)
    )

    ExitCode.Success
