namespace Iqt.Cli

open Iqt.Diffusion

/// Order and frame of a tensor file, as <c>--order</c> names them.
type Order =
    | Fsl
    | Mrtrix
    | Symmatrix

    /// The library's name of it.
    member this.Value =
        match this with
        | Fsl -> TensorOrder.Fsl
        | Mrtrix -> TensorOrder.Mrtrix
        | Symmatrix -> TensorOrder.Symmatrix
