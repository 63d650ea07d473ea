/// The ways of running a step that the benchmarks compare, and their names.
module Iqt.Cli.Commands.BenchWays

open System
open System.Collections.Generic
open Iqt.Cli
open Iqt.Reversible
open Iqt.Reversible.Adjoints
open Iqt.Reversible.Benchmarking
open Iqt.Reversible.Prediction
open Iqt.Training
open TorchSharp

/// One way of running a step, as a row names it.
type Way = {
    Mode: BackpropagationMode
    Update: UpdatePlace
    /// Of the convolutions.
    Precision: ConvolutionPrecision
    /// Bytes above weights and optimiser state that kept activations may bring the step to.
    Budget: int64 option
}

/// The name of an update in a table.
let updateName (update: UpdatePlace) =
    match update with
    | UpdatePlace.Ordinary -> "ordinary"
    | UpdatePlace.Behind -> "behind"
    | _ -> "fused"

// One graph has no fused update.
let private exists (mode, update) =
    mode <> BackpropagationMode.SingleGraph || update = UpdatePlace.Behind

/// The ways of running a step that there are. Only reversed blocks are a budget's to keep, and memory is predicted for float32.
let ways
    (modes: BackpropagationMode list)
    (updates: UpdatePlace list)
    (precisions: ConvolutionPrecision list)
    (budgets: int64 list)
    : Way list =
    let found = [
        for mode in modes do
            for update in updates do
                for precision in precisions do
                    if exists (mode, update) then
                        let way = {
                            Mode = mode
                            Update = update
                            Precision = precision
                            Budget = None
                        }

                        way

                        if mode = BackpropagationMode.Reversible && precision = ConvolutionPrecision.F32 then
                            for budget in budgets do
                                { way with Budget = Some budget }
    ]

    if not budgets.IsEmpty && found |> List.forall (fun way -> way.Budget.IsNone) then
        raise (
            UsageException
                "--memory-budget belongs to mode reversible in float32, which was not asked for. Add these to --mode and --precision, or leave it out."
        )

    if found.IsEmpty then
        raise (
            UsageException "--mode single-graph: one graph has no --update fused. Name another mode or leave it out."
        )

    found

/// The name of a precision on the command line.
let precisionName (precision: ConvolutionPrecision) =
    match precision with
    | ConvolutionPrecision.F32 -> "float32"
    | _ -> "bfloat16"

/// The mode, another precision than float32 and the budget as a row names them.
let wayName (way: Way) =
    String.concat ", " [
        Options.modeName way.Mode
        if way.Precision <> ConvolutionPrecision.F32 then
            precisionName way.Precision
        match way.Budget with
        | None -> ()
        | Some bytes -> string (MemoryAmount bytes)
    ]

/// The step of a cell; the caller disposes it.
let step
    (declaration: NetworkDeclaration)
    (settings: IReadOnlyDictionary<string, int>)
    (batch: int)
    (size: int)
    (way: Way)
    =
    let type' =
        match way.Precision with
        | ConvolutionPrecision.F32 -> Nullable()
        | _ -> Nullable torch.ScalarType.BFloat16

    let options =
        match way.Budget with
        | None -> StepOptions(ConvolutionType = type')
        | Some bytes ->
            use network = declaration.Create settings
            let prediction = MemoryPrediction(network, int64 batch, int64 size)

            let kept =
                MemoryBudget.KeptBlocks(prediction, network, bytes, (way.Update = UpdatePlace.Fused))

            StepOptions(KeptBlocks = kept, ConvolutionType = type')

    new BenchmarkStep(declaration, settings, way.Mode, way.Update, int64 batch, int64 size, options)
