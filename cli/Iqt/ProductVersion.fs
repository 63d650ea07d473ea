/// The versions of the command and of what it was built with.
module Iqt.Cli.ProductVersion

open System

let private versionOf (marker: Type) =
    match marker.Assembly.GetName().Version with
    | null -> "unknown"
    | version -> version.ToString 3

/// Of the command.
let iqt = versionOf typeof<Streams>

/// Of everything that decides what is computed. Nothing native is loaded for it.
let line =
    // TorchSharp's type is named, not used: reading torch.__version__ would run its loader.
    let torchSharp = versionOf typeof<TorchSharp.torch.Tensor>
    $"iqt {iqt} (TorchSharp {torchSharp}, libtorch {ProjectTemplate.libtorchVersion}, .NET {Environment.Version})"
