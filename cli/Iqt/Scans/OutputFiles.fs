/// The files that a command writes: their names, after the draft BIDS extension for diffusion derivatives, and their place.
module Iqt.Cli.OutputFiles

open System.IO

/// Refuses a place that can't be written to, before hours are spent on what belongs there; makes its folder.
let checkWritable (path: string) =
    (Iqt.Diffusion.AtomicFile.Create path).Dispose()

let private ending = "_dwimap"

let private joined (prefix: string) (rest: string) =
    let joint = if prefix.EndsWith '/' then "" else "_"
    prefix + joint + rest

/// Refuses to write over what is read.
let checkDistinct (inputs: string list) (outputs: string list) =
    let full = inputs |> List.map Path.GetFullPath

    match outputs |> List.tryFind (fun path -> List.contains (Path.GetFullPath path) full) with
    | Some path -> raise (UsageException $"--out: {path} is read and would be written over. Choose another name.")
    | None -> ()

/// The computed mask's name, for example <c>results/sub-01_mask.nii.gz</c>.
let mask (prefix: string) = joined prefix "mask.nii.gz"

// What stands before the parameter.
let private start (prefix: string) = joined prefix "model-tensor_param-"

/// For example <c>results/sub-01_model-tensor_param-md_dwimap.nii.gz</c>.
let tensorParameter (prefix: string) (parameter: string) (extension: string) =
    $"{start prefix}{parameter}{ending}{extension}"

/// The parameters of which there are images under a prefix whose folder exists, in the order of the alphabet.
let tensorParameters (prefix: string) : string list =
    let first = Path.GetFullPath(start prefix)
    let last = ending + ".nii.gz"

    Directory.GetFiles(string (Path.GetDirectoryName first), $"{Path.GetFileName first}*{last}")
    |> Array.map (fun path -> path.Substring(first.Length, path.Length - first.Length - last.Length))
    |> Array.sort
    |> Array.toList
