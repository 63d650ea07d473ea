/// The files that a command writes: their names, after the draft BIDS extension for diffusion derivatives, and their place.
module Iqt.Cli.OutputFiles

/// Refuses a place that can't be written to, before hours are spent on what belongs there; makes its folder.
let checkWritable (path: string) =
    (Iqt.Diffusion.AtomicFile.Create path).Dispose()

/// For example <c>results/sub-01_model-tensor_param-md_dwimap.nii.gz</c>.
let tensorParameter (prefix: string) (parameter: string) (extension: string) =
    let joint = if prefix.EndsWith '/' then "" else "_"
    $"{prefix}{joint}model-tensor_param-{parameter}_dwimap{extension}"
