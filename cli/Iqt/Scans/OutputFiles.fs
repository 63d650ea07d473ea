/// The files that a command writes: their names, after the draft BIDS extension for diffusion derivatives, and their place.
module Iqt.Cli.OutputFiles

open System.IO

/// Refuses a place that can't be written to, before hours are spent on what belongs there; makes its folder.
let checkWritable (path: string) =
    (Iqt.Diffusion.AtomicFile.Create path).Dispose()

let private ending = "_dwimap"

// What stands before the parameter.
let private start (prefix: string) =
    let joint = if prefix.EndsWith '/' then "" else "_"
    $"{prefix}{joint}model-tensor_param-"

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
