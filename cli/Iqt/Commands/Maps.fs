/// <c>iqt maps</c>: scalar maps of a tensor image.
module Iqt.Cli.Commands.Maps

open System
open Argu
open Iqt.Cli
open Iqt.Diffusion

type Arguments =
    | [<MainCommand; ExactlyOnce>] Tensor of TENSOR: string
    | [<Unique>] Out of PREFIX: string
    | [<Unique>] Png
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Tensor _ -> "tensor image as iqt fit writes it (six volumes; without a sidecar in FSL's order)."
            | Out _ -> "start of the names of the files written (default: that of the tensor image)."
            | Png -> "also write the middle axial slice of each map as a picture."
            | Json -> "print one JSON document."

let examples = [
    "iqt maps results/sub-01_model-tensor_param-diffusivity_dwimap.nii.gz --png"
    "iqt maps tensors.nii.gz --out results/sub-01"
]

// results/sub-01_model-tensor_param-diffusivity_dwimap.nii.gz → results/sub-01
let private prefixOf (tensor: string) =
    let stem =
        [ ".nii.gz"; ".nii" ]
        |> List.tryFind (fun extension -> tensor.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
        |> Option.map (fun extension -> tensor[.. tensor.Length - extension.Length - 1])
        |> Option.defaultValue tensor

    match stem.IndexOf "_model-tensor" with
    | -1 -> stem
    | start -> stem[.. start - 1]

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let path = arguments.GetResult Tensor
    let prefix = arguments.TryGetResult Out |> Option.defaultValue (prefixOf path)
    let tensors = TensorFile.Read path

    let maps = [
        MapFiles.meanDiffusivity
        MapFiles.fractionalAnisotropy
        MapFiles.axialDiffusivity
        MapFiles.radialDiffusivity
    ]

    let files = MapFiles.write prefix (arguments.Contains Png) maps tensors

    streams.Result(
        arguments.Contains Json,
        (fun () -> Json.object [ "files", files |> List.map Json.text |> Json.list ]),
        fun writer -> files |> List.iter writer.WriteLine
    )

    ExitCode.Success
