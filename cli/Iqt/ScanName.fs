/// Whose scan a file is, by its name: results are called after it.
module Iqt.Cli.ScanName

open System
open System.IO

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

// results/sub-01_dwi.nii.gz → sub-01
let private fileStem (path: string) =
    let name =
        match Path.GetFileName path with
        | null -> path
        | name -> name

    let name = name.Split ".nii" |> Array.head
    let name = name.Split "_model-tensor" |> Array.head

    if name.EndsWith "_dwi" then
        name[.. name.Length - 5]
    else
        name

/// <c>sub-01_ses-2</c> of BIDS' names, HCP's number of its folders, else the file's name without its ending.
let subject (path: string) =
    hcpSubject path |> Option.defaultWith (fun () -> fileStem path)
