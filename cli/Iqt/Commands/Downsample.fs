/// <c>iqt downsample</c>: block means of a diffusion-weighted series.
module Iqt.Cli.Commands.Downsample

open Argu
open Iqt.Cli
open Iqt.Diffusion

type Arguments =
    | [<MainCommand; ExactlyOnce>] Dwi of DWI: string
    | [<Mandatory; Unique>] Out of FILE: string
    | [<Unique>] Factor of R: int
    | [<Unique; CustomCommandLine "--bval">] BVal of FILE: string
    | [<Unique; CustomCommandLine "--bvec">] BVec of FILE: string
    | [<Unique>] Mask of FILE: string
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Dwi _ -> "the series, a NIfTI file."
            | Out _ -> "the file written, .nii or .nii.gz; gradient files get its name, the mask _mask."
            | Factor _ -> "voxels along the edge of a block (default 2)."
            | BVal _ -> "b-values (default: the file beside the series)."
            | BVec _ -> "gradient directions (default: the file beside the series)."
            | Mask _ -> "brain mask to downsample with it: a block is inside if all of it is."
            | Json -> "print one JSON document."

let examples = [
    "iqt downsample sub-01/dwi/sub-01_dwi.nii.gz --factor 2 --out lr/sub-01_dwi.nii.gz"
    "iqt downsample data.nii.gz --mask nodif_brain_mask.nii.gz --out lr.nii.gz"
]

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let dwi, out = arguments.GetResult Dwi, arguments.GetResult Out

    if not (NiftiPaths.IsNifti out) then
        raise (UsageException $"--out {out}: a name that ends in .nii or .nii.gz is expected.")

    let factor = arguments.GetResult(Factor, 2) |> Options.atLeast 2 "--factor"
    let source = DwiFile dwi
    // Directions don't change: block means turn no axis.
    let gradients =
        Series.gradientFiles dwi (arguments.TryGetResult BVal) (arguments.TryGetResult BVec)

    let stem = NiftiPaths.Stem out
    let ownGradients = GradientFiles(stem + ".bval", stem + ".bvec")
    let maskFile = stem + "_mask.nii.gz"
    let named = arguments.TryGetResult Mask

    OutputFiles.checkDistinct ([ dwi; gradients.BValues; gradients.Directions ] @ Option.toList named) [
        out
        ownGradients.BValues
        ownGradients.Directions
        maskFile
    ]

    let table = gradients.Read()
    table.CheckVolumes(source.Volumes, dwi)
    let coarse = DownsampledDwi(source, factor)

    let mask =
        named
        |> Option.map (fun path -> BlockMean.Mask(MaskFile.Read(path, source.Grid), factor, path))

    Progress.track streams "Downsampling" (fun progress -> DwiFile.Write(out, coarse, progress, streams.Cancellation))

    ownGradients.Write table
    mask |> Option.iter (fun mask -> MaskFile.Write(maskFile, mask))

    let files =
        [ out; ownGradients.BValues; ownGradients.Directions ]
        @ (if mask.IsSome then [ maskFile ] else [])

    let dropped = coarse.Dropped

    if dropped <> GridSize() then
        streams.Say
            $"{source.Grid.Size} is not divisible by {factor}: the last {dropped.X}, {dropped.Y} and {dropped.Z} voxels along the axes fill no block and were dropped."

    streams.Result(
        arguments.Contains Json,
        (fun () ->
            Json.object [
                "files", files |> List.map Json.text |> Json.list
                "dropped",
                [ dropped.X; dropped.Y; dropped.Z ]
                |> List.map (int64 >> Json.integer)
                |> Json.list
                "maskVoxels", (mask |> Option.map (fun m -> Json.integer m.Count) |> Option.defaultValue null)
            ]),
        fun writer -> files |> List.iter (fun (file: string) -> writer.WriteLine file)
    )

    ExitCode.Success
