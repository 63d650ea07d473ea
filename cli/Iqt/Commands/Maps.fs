/// <c>iqt maps</c>: scalar maps of a tensor image.
module Iqt.Cli.Commands.Maps

open System.IO
open Argu
open Iqt.Cli
open Iqt.Diffusion

type Arguments =
    | [<MainCommand; ExactlyOnce>] Tensor of TENSOR: string
    | [<Unique>] Out of PREFIX: string
    | [<Unique>] Order of Order
    | [<Unique>] Png
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Tensor _ -> "tensor image: six volumes as iqt fit writes them, or NIfTI's symmetric matrix."
            | Out _ -> "start of the names of the files written (default: that of the tensor image)."
            | Order _ -> "order and frame of a tensor image without a sidecar: fsl (default), mrtrix or symmatrix."
            | Png -> "also write axial slices of each map as a picture."
            | Json -> "print one JSON document."

let examples = [
    "iqt maps results/sub-01_model-tensor_param-diffusivity_dwimap.nii.gz --png"
    "iqt maps tensors.nii.gz --out results/sub-01"
]

// results/sub-01_model-tensor_param-diffusivity_dwimap.nii.gz → results/sub-01, results/model-tensor_… → results/
let private prefixOf (tensor: string) =
    let stem = NiftiPaths.Stem tensor
    let folder = stem.Length - (nonNull (Path.GetFileName stem)).Length

    if stem[folder..].StartsWith "model-tensor_" && folder > 0 then
        stem[.. folder - 1]
    else
        match stem.IndexOf("_model-tensor", folder) with
        | -1 -> stem
        | start -> stem[.. start - 1]

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let path = arguments.GetResult Tensor
    let prefix = arguments.TryGetResult Out |> Option.defaultValue (prefixOf path)
    let order = arguments.TryGetResult Order |> Option.map _.Value |> Option.toNullable
    let tensors = TensorFile.Read(path, order)

    let maps = [
        MapFiles.meanDiffusivity
        MapFiles.fractionalAnisotropy
        MapFiles.axialDiffusivity
        MapFiles.radialDiffusivity
    ]

    let pictures = arguments.Contains Png
    // Maps of predicted tensors are predicted, too.
    let provenance = Provenance.Beside path |> Option.ofObj

    let files =
        MapFiles.write prefix pictures provenance maps tensors
        @ MapFiles.writeColourFa prefix pictures provenance tensors

    streams.Result(
        arguments.Contains Json,
        (fun () -> Json.object [ "files", files |> List.map Json.text |> Json.list ]),
        fun writer -> files |> List.iter writer.WriteLine
    )

    ExitCode.Success
