/// Whose scan a file is, by its name: results are called after it.
module Iqt.Cli.ScanName

open System
open System.IO
open Iqt.Diffusion

// 100307/T1w/Diffusion/data.nii.gz → 100307: every HCP subject's file has the same name.
let private hcpSubject (path: string) =
    match
        Path.GetFullPath(path).Split Path.DirectorySeparatorChar
        |> Array.rev
        |> List.ofArray
    with
    | file :: "Diffusion" :: "T1w" :: subject :: _ when file.StartsWith("data.nii", StringComparison.Ordinal) ->
        Some subject
    | _ -> None

// tensors_model-tensor_param-diffusivity_dwimap.nii.gz → tensors
let private fileStem (path: string) =
    let name = nonNull (Path.GetFileName(NiftiPaths.Stem path))
    name.Split "_model-tensor" |> Array.head

/// HCP's number of its folders, <c>sub-01_ses-2</c> of BIDS' names, else the file's name without its ending.
let subject (path: string) =
    hcpSubject path
    |> Option.orElse (Option.ofObj (BidsNames.Acquisition path))
    |> Option.defaultWith (fun () -> fileStem path)
