/// <c>iqt export</c> and <c>iqt import</c>: weights to and from the authors' PyTorch model.
module Iqt.Cli.Commands.Interchange

open System.IO
open Argu
open Iqt.Cli
open Iqt.Reversible.Natives
open Iqt.Training

type ExportArguments =
    | [<MainCommand; ExactlyOnce>] Run of RUN: string
    | [<Mandatory; Unique>] Out of FILE: string
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Run _ -> "folder of a run (its best checkpoint), or a checkpoint's file."
            | Out _ -> "safetensors file with the names of the authors' ESPCN_RN."
            | Json -> "print one JSON document."

type ImportArguments =
    | [<MainCommand; ExactlyOnce>] File of FILE: string
    | [<Mandatory; Unique>] Out of CHECKPOINT: string
    | [<Unique>] Like of RUN: string
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | File _ -> "safetensors file of the authors' model's state_dict()."
            | Out _ -> "checkpoint (.safetensors) that iqt predict takes for a run."
            | Like _ -> "run whose normalisation and patch size belong to the weights, if the file does not say."
            | Json -> "print one JSON document."

let exportExamples = [ "iqt export runs/rn4 --out rn4-authors.safetensors" ]

let importExamples = [
    "iqt import authors.safetensors --out rn4.safetensors --like runs/rn4"
    "iqt predict rn4.safetensors sub-01_dwi.nii.gz --out results"
]

let private checkpoint (path: string) =
    Checkpoint.Read(
        if Directory.Exists path then
            RunDirectory.Open(path).BestCheckpoint
        else
            path
    )

let private report (streams: Streams) json (file: string) (network: string) =
    streams.Result(
        json,
        (fun () -> Json.object [ "file", Json.text file; "network", Json.text network ]),
        fun writer -> writer.WriteLine file
    )

    ExitCode.Success

let export (streams: Streams) (arguments: ParseResults<ExportArguments>) =
    let out = arguments.GetResult ExportArguments.Out
    let found = checkpoint (arguments.GetResult Run)
    AuthorsFile.Write(found, out)
    report streams (arguments.Contains ExportArguments.Json) out found.Network

let import (streams: Streams) (arguments: ParseResults<ImportArguments>) =
    TorchNatives.EnsureLoaded()
    let like = arguments.TryGetResult Like |> Option.map checkpoint
    let out = arguments.GetResult Out

    let found =
        AuthorsFile.Read(arguments.GetResult File, Options.catalog (), Option.toObj like)

    found.Write out
    report streams (arguments.Contains Json) out found.Network
