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
    /// What it is, for the sidecar.
    Description: string
    /// Unit for the sidecar, if it has one.
    Unit: string option
}

/// MD in mm²/s.
let meanDiffusivity = {
    Parameter = "md"
    Label = "MD"
    Compute = TensorMaps.MeanDiffusivity
    Scale = GreyScale.MeanDiffusivity
    Description = "Mean diffusivity"
    Unit = Some "mm^2/s"
}

/// FA.
let fractionalAnisotropy = {
    Parameter = "fa"
    Label = "FA"
    Compute = TensorMaps.FractionalAnisotropy
    Scale = GreyScale.FractionalAnisotropy
    Description = "Fractional anisotropy"
    Unit = None
}

/// AD in mm²/s.
let axialDiffusivity = {
    Parameter = "ad"
    Label = "AD"
    Compute = TensorMaps.AxialDiffusivity
    Scale = GreyScale.MeanDiffusivity
    Description = "Axial diffusivity: the largest eigenvalue"
    Unit = Some "mm^2/s"
}

/// RD in mm²/s.
let radialDiffusivity = {
    Parameter = "rd"
    Label = "RD"
    Compute = TensorMaps.RadialDiffusivity
    Scale = GreyScale.MeanDiffusivity
    Description = "Radial diffusivity: the mean of the smaller eigenvalues"
    Unit = Some "mm^2/s"
}

/// Writes maps as NIfTI with sidecars and, if asked for, as sheets of axial slices (PNG); returns the names of the files.
let write
    (prefix: string)
    (pictures: bool)
    (provenance: Provenance option)
    (maps: ScalarMap list)
    (tensors: TensorImage)
    : string list =
    maps
    |> List.collect (fun map ->
        let name = OutputFiles.tensorParameter prefix map.Parameter
        let volume = map.Compute tensors
        VolumeFile.Write(name ".nii.gz", volume)
        MapSidecar.Write(name ".nii.gz", map.Description, Option.toObj map.Unit, Option.toObj provenance)

        if pictures then
            SliceSheet.Write(name ".png", Panel(map.Label, volume), map.Scale)
            [ name ".nii.gz"; name ".png" ]
        else
            [ name ".nii.gz" ])

/// Writes colour FA in the same way.
let writeColourFa
    (prefix: string)
    (pictures: bool)
    (provenance: Provenance option)
    (tensors: TensorImage)
    : string list =
    let name = OutputFiles.tensorParameter prefix "colorfa"
    let colours = ColourFa.Of tensors
    colours.Write(name ".nii.gz")

    MapSidecar.Write(
        name ".nii.gz",
        "Fractional anisotropy times the size of the principal direction's part along the scanner's x (right-left), y (front-back) and z (up-down): three volumes, red, green, blue",
        null,
        Option.toObj provenance
    )

    if pictures then
        SliceSheet.Write(name ".png", "colour FA", colours)
        [ name ".nii.gz"; name ".png" ]
    else
        [ name ".nii.gz" ]
