namespace Iqt.Cli

open Iqt.Training

/// How a volume is cut for prediction, as <c>--tiling</c> names it.
type Tiles =
    | Training
    | Whole

    /// The library's name of it.
    member this.Value =
        match this with
        | Training -> Tiling.Training
        | Whole -> Tiling.Whole
