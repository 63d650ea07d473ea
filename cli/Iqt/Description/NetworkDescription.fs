/// What there is to say of a network: its segments with their sizes, margin and rate, the predicted memory of a step.
module Iqt.Cli.Description.NetworkDescription

open System
open Iqt.Cli
open Iqt.Reversible
open Iqt.Reversible.Prediction

/// A segment and the edge lengths of its input and output.
type Step = {
    Segment: Segment
    Input: int64
    Output: int64
    Cached: string
}

let steps (network: Network) (sizes: NetworkSizes) =
    let plan = SegmentPlan.For(network, BackpropagationMode.Reversible)

    network.Segments
    |> Seq.mapi (fun i segment -> {
        Segment = segment
        Input = sizes[segment.Sources[0]]
        Output = sizes[segment.Name]
        Cached = plan.Describe i
    })
    |> Seq.toList

let kind (segment: Segment) =
    match segment.Kind with
    | SegmentKind.Stack -> "stack"
    | SegmentKind.Rearrangement -> "rearrangement"
    | _ -> "layers"

let shape (network: Network) channels (size: int64) =
    $"""{channels}×{size}{if network.Dimensions = 2 then "²" else "³"}"""

/// Margin and upsampling rate, of networks that map images to images.
let relation (network: Network) =
    try
        Some network.Relation
    with :? InvalidOperationException ->
        None

let reads (segment: Segment) =
    match segment.Junction with
    | Junction.Concat -> String.concat " ‖ " segment.Sources
    | Junction.Sum -> String.concat " + " segment.Sources
    | _ -> segment.Sources[0]

/// Whether modules of a user's own are layers or residual functions of it.
let hasModules (network: Network) =
    network.modules ()
    |> Seq.exists (fun part ->
        let kind = part.GetType()

        kind.IsGenericType
        && kind.GetGenericTypeDefinition() = typedefof<ModuleLayer<_>>)

/// Predicted peak of a step above weights and optimiser state, by mode: updated behind the pass, and fused with it.
let predicted (network: Network) (batch: int) (sizes: NetworkSizes) = [
    let prediction = MemoryPrediction(network, int64 batch, sizes)

    for mode in Enum.GetValues<BackpropagationMode>() do
        let fused =
            if mode = BackpropagationMode.SingleGraph then
                None
            else
                Some(prediction.Peak(mode, true))

        Options.modeName mode, prediction.Peak(mode), fused
]
