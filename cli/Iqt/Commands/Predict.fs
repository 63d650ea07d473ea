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

let private lowResolution (streams: Streams) trained scan computedMask (arguments: ParseResults<Arguments>) =
    let bval, bvec = arguments.TryGetResult BVal, arguments.TryGetResult BVec

    match arguments.Contains Tensors, arguments.TryGetResult Mask with
    | true, _ when bval.IsSome || bvec.IsSome ->
        raise (
            UsageException
                "--tensors takes neither --bval nor --bvec: tensors are fitted already. Leave these or --tensors out."
        )
    | true, None -> raise (UsageException "--tensors needs --mask: no mask can be computed from tensors.")
    | true, Some mask -> LowResolution.ofTensors scan mask
    | false, mask -> LowResolution.ofSeries streams trained scan bval bvec mask computedMask

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
    OutputFiles.checkWritable tensors
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
