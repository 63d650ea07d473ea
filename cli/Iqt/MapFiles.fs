/// Scalar maps of a tensor image as files.
module Iqt.Cli.MapFiles

open Iqt.Diffusion

/// A scalar map: its BIDS parameter name, its formula and the grey scale of its picture.
type ScalarMap = {
    /// For example <c>md</c>.
    Parameter: string
    /// For example <c>MD</c>.
    Label: string
    /// Computes it.
    Compute: TensorImage -> Volume
    /// What is black and white in a picture.
    Scale: GreyScale
}

/// MD in mm²/s.
let meanDiffusivity = {
    Parameter = "md"
    Label = "MD"
    Compute = TensorMaps.MeanDiffusivity
    Scale = GreyScale.MeanDiffusivity
}

/// FA.
let fractionalAnisotropy = {
    Parameter = "fa"
    Label = "FA"
    Compute = TensorMaps.FractionalAnisotropy
    Scale = GreyScale.FractionalAnisotropy
}

/// AD in mm²/s.
let axialDiffusivity = {
    Parameter = "ad"
    Label = "AD"
    Compute = TensorMaps.AxialDiffusivity
    Scale = GreyScale.MeanDiffusivity
}

/// RD in mm²/s.
let radialDiffusivity = {
    Parameter = "rd"
    Label = "RD"
    Compute = TensorMaps.RadialDiffusivity
    Scale = GreyScale.MeanDiffusivity
}

/// Writes maps as NIfTI and, if asked for, their middle axial slices as PNG; returns the names of the files.
let write (prefix: string) (pictures: bool) (maps: ScalarMap list) (tensors: TensorImage) : string list =
    maps
    |> List.collect (fun map ->
        let name = OutputFiles.tensorParameter prefix map.Parameter
        let volume = map.Compute tensors
        VolumeFile.Write(name ".nii.gz", volume)

        if pictures then
            SliceMontage.Write(name ".png", [| Panel(map.Label, volume) |], AxialSlice tensors.Grid, map.Scale)
            [ name ".nii.gz"; name ".png" ]
        else
            [ name ".nii.gz" ])
