/// Names of the files that a command writes, after the draft BIDS extension for diffusion derivatives.
module Iqt.Cli.OutputFiles

/// For example <c>results/sub-01_model-tensor_param-md_dwimap.nii.gz</c>.
let tensorParameter (prefix: string) (parameter: string) (extension: string) =
    let joint = if prefix.EndsWith '/' then "" else "_"
    $"{prefix}{joint}model-tensor_param-{parameter}_dwimap{extension}"
