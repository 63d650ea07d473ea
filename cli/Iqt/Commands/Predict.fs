/// <c>iqt predict</c>: super-resolved tensors of a low-resolution scan.
module Iqt.Cli.Commands.Predict

open System
open System.IO
open Argu
open Iqt.Cli
open Iqt.Diffusion
open Iqt.Training

type Arguments =
    | [<MainCommand; ExactlyOnce>] Inputs of RUN: string * DWI: string
    | [<Mandatory; Unique>] Out of DIR: string
    | [<Unique>] Tensors
    | [<Unique; CustomCommandLine "--bval">] BVal of FILE: string
    | [<Unique; CustomCommandLine "--bvec">] BVec of FILE: string
    | [<Unique>] Mask of FILE: string
    | [<Unique>] Tiling of Tiles
    | [<Unique>] Memory of MB: int
    | [<Unique; CustomCommandLine "--compare-tilings">] CompareTilings
    | [<Unique>] Device of DEVICE: string
    | Plugin of DLL: string
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Inputs _ -> "the run (or a .safetensors file) and the scan as acquired, which is the low resolution."
            | Out _ -> "folder of the results."
            | Tensors -> "the scan is not a series but a tensor image as iqt fit writes it; needs --mask."
            | BVal _ -> "b-values (default: the file beside the series)."
            | BVec _ -> "gradient directions (default: the file beside the series)."
            | Mask _ -> Series.maskUsage
            | Tiling _ ->
                "tiles of the training patch's size (default) or the whole volume, whose voxels see more of it."
            | Memory _ -> Options.predictionMemoryUsage
            | CompareTilings -> "predict both ways and say how far they are apart."
            | Device _ -> "cpu (default), cuda or cuda:N."
            | Plugin _ -> Options.pluginUsage
            | Json -> "print one JSON document."

let examples = [
    "iqt predict runs/rn4 sub-01_dwi.nii.gz --out results"
    "iqt predict runs/rn4 tensors.nii.gz --tensors --mask mask.nii.gz --out results"
]

/// The scan as the network gets it.
type private LowResolution = {
    Tensors: TensorImage
    Mask: Mask
    /// Where the mask is: named, beside the scan, or computed and written there.
    MaskFile: string
    MaskComputed: bool
}

let private series (streams: Streams) (path: string) (arguments: ParseResults<Arguments>) =
    try
        Series.load
            streams
            path
            (arguments.TryGetResult BVal)
            (arguments.TryGetResult BVec)
            (arguments.TryGetResult Mask)
    with :? GradientException as error when
        error.Fault = GradientFault.Missing
        && DwiFile(path).Volumes = TensorImage.Elements ->
        raise (
            DataException($"{error.Message} If it is a tensor image, which has six volumes too, say --tensors.", error)
        )

// A network has learnt from tensors of one shell and one weighting: it gets the same.
let private fit (streams: Streams) (series: Series.Series) (trained: FitOptions) =
    if trained.Shell <> FitOptions().Shell then
        streams.Say
            $"Tensors are fitted at b=%g{(nonNull trained.Shell).BValue} s/mm², as those that the network was trained on."

    try
        Progress.track streams "Fitting tensors" (fun progress ->
            TensorFit.Fit(series.Source, series.Gradients, series.Mask, trained, progress, streams.Cancellation))
    with :? GradientException as error when error.Fault = GradientFault.ShellAbsent ->
        raise (
            DataException(
                $"{error.Message} The network was trained on tensors of b=%g{(nonNull trained.Shell).BValue} s/mm²: it needs a scan with that shell, or a network that was trained on the scan's.",
                error
            )
        )

let private lowResolution
    (streams: Streams)
    (trained: FitOptions)
    (path: string)
    (computedMask: string)
    (arguments: ParseResults<Arguments>)
    =
    if arguments.Contains Tensors then
        match arguments.TryGetResult Mask with
        | None -> raise (UsageException "--tensors needs --mask: no mask can be computed from tensors.")
        | Some mask ->
            if arguments.Contains BVal || arguments.Contains BVec then
                raise (
                    UsageException
                        "--tensors takes neither --bval nor --bvec: tensors are fitted already. Leave these or --tensors out."
                )

            let image = TensorFile.Read path
            OutputFiles.checkWritable computedMask

            {
                Tensors = image
                Mask = MaskFile.Read(mask, image.Grid)
                MaskFile = mask
                MaskComputed = false
            }
    else
        let series = series streams path arguments
        OutputFiles.checkWritable computedMask

        if series.MaskFile.IsNone then
            Series.checkComputedMask computedMask series.Mask
            MaskFile.Write(computedMask, series.Mask)
            streams.Say(Series.computedMask computedMask)

        let fit = fit streams series trained

        {
            Tensors = fit.Tensors
            Mask = series.Mask
            MaskFile = defaultArg series.MaskFile computedMask
            MaskComputed = series.MaskFile.IsNone
        }

// Said before the work, while the other prediction can still be kept.
let private sayIfReplaced (streams: Streams) (prefix: string) (tensors: string) (model: TrainedModel) =
    match PredictionProvenance.OtherWeights(tensors, model) with
    | null -> ()
    | weights ->
        streams.Say
            $"{tensors} is replaced: {weights} predicted it, with other weights. Name another folder by --out to keep both."

        // What iqt maps made of the tensor would stand beside another network's.
        match List.except [ "diffusivity"; "md"; "fa" ] (OutputFiles.tensorParameters prefix) with
        | [] -> ()
        | maps ->
            streams.Say
                $"""Other maps of it stay as they are and will be of the old weights: {String.concat ", " maps}. iqt maps {tensors} makes them anew."""

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let run, scan = arguments.GetResult Inputs
    let prefix = Path.Combine(arguments.GetResult Out, ScanName.subject scan)

    if NiftiPaths.IsNifti run then
        raise (
            UsageException
                $"{run} is a scan, a run was expected first: a folder that iqt train wrote or a .safetensors file. Write: iqt predict RUN SCAN --out DIR."
        )

    if not (Directory.Exists run || File.Exists run) then
        raise (
            DataException
                $"{run}: is not there, a folder that iqt train wrote or a .safetensors file was expected. Check the path of the run."
        )

    let device = Options.device (arguments.TryGetResult Device)

    use model =
        TrainedModel.Open(run, Options.networks streams (arguments.GetResults Plugin), device)

    StoppedRun.warn streams run model.Checkpoint
    let computedMask = prefix + "_desc-brain_mask.nii.gz"
    let prefix = prefix + "_desc-superresolved"
    let tensors = OutputFiles.tensorParameter prefix "diffusivity" ".nii.gz"
    sayIfReplaced streams prefix tensors model
    // Weights from elsewhere don't say how their tensors were fitted: as the paper's then.
    let trained = Option.ofObj model.Checkpoint.Fit |> Option.defaultWith FitOptions
    let low = lowResolution streams trained scan computedMask arguments
    let brain = UpsampledMask.Of(low.Mask, model.Geometry.Rate)

    let tiling = (arguments.GetResult(Tiling, Training)).Value
    let memory = Options.predictionMemory (arguments.TryGetResult Memory)

    let predict title tiling =
        Progress.track streams title (fun progress ->
            model.Predict(
                low.Tensors,
                brain,
                tiling,
                memory = memory,
                progress = progress,
                cancellation = streams.Cancellation
            ))

    let prediction = predict "Super-resolving" tiling

    let difference =
        if arguments.Contains CompareTilings then
            let other =
                match tiling with
                | Iqt.Training.Tiling.Whole -> Iqt.Training.Tiling.Training
                | _ -> Iqt.Training.Tiling.Whole

            let found = TilingDifference.Of(prediction, predict "The other way" other, brain)

            streams.Say
                $"Training tiles and whole volume differ by %.3f{found.RootMeanSquare} (root mean square) and at most %.2f{found.Largest}, in 1e-5 mm²/s."

            Some found
        else
            None

    let impossible = PositiveDefiniteness.Violations(prediction, brain)

    if impossible > 0 then
        let part = 100.0 * float impossible / float brain.Count

        let meaning =
            if part > 1.0 then
                " More than 1 %: usually too short a training or too few subjects; FA is unreliable there."
            else
                ""

        streams.Say
            $"{impossible} voxels (%.2f{part} %%) have a tensor that is not positive definite; kept as predicted.{meaning}"

    let provenance = PredictionProvenance.Of(model, tiling, scan, low.MaskFile)
    TensorFile.Write(tensors, prediction, provenance = provenance)

    let maps =
        MapFiles.write
            prefix
            true
            (Some provenance)
            [ MapFiles.meanDiffusivity; MapFiles.fractionalAnisotropy ]
            prediction

    let files = [
        tensors
        yield! maps
        if low.MaskComputed then
            low.MaskFile
    ]

    streams.Result(
        arguments.Contains Json,
        (fun () ->
            Json.object [
                "files", files |> List.map Json.text |> Json.list
                "mask", Json.text low.MaskFile
                "maskComputed", Json.flag low.MaskComputed
                "voxels", Json.integer brain.Count
                "nonPositiveDefinite", Json.integer impossible
                "upsamplingRate", Json.integer model.Geometry.Rate
                match difference with
                | Some found ->
                    "tilingDifference",
                    Json.object [
                        "unit", Json.text "1e-5 mm²/s"
                        "rootMeanSquare", Json.number found.RootMeanSquare
                        "largest", Json.number found.Largest
                    ]
                | None -> ()
            ]),
        fun writer -> files |> List.iter (fun (file: string) -> writer.WriteLine file)
    )

    ExitCode.Success
