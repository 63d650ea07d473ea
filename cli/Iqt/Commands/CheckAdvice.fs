/// What a check that failed may mean, and what to do.
module Iqt.Cli.Commands.CheckAdvice

open System
open TorchSharp
open Iqt.Reversible

let private stack (result: CheckResult) = result.Subject.Split(", ")[0]

// Whether only what goes back through stacks fails, and rounding explains their inversions.
let private isDrift (failed: CheckResult list) =
    let ofInversion (result: CheckResult) =
        match result.Property with
        | "inversion" -> result.IsRounding
        | "gradients"
        | "running statistics" -> result.Subject = string BackpropagationMode.Reversible
        | property -> property.StartsWith("gradients against", StringComparison.Ordinal)

    List.forall ofInversion failed && failed |> List.exists _.IsRounding

let private drift (failed: CheckResult list) =
    let stacks =
        failed
        |> List.filter (fun result -> result.Property = "inversion")
        |> List.map stack
        |> List.distinct
        |> String.concat ", "

    $"iqt: a check failed: {stacks} can't be inverted to that depth. Where nothing is inverted all agrees, and rounding explains it, which grows from block to block: affine coupling multiplies it by up to e at each, and functions whose output is not normalised may by more. Take fewer blocks, end S, T, F and G in a normalisation, or train with --mode checkpointed, which inverts nothing."

let private worst (failed: CheckResult list) =
    match failed |> List.choose (fun result -> Option.ofObj result.Where) |> List.distinct with
    | [] -> ""
    | places -> $""" The gradient is furthest off at {String.concat ", " places}."""

/// The message for the error stream.
let words (dtype: torch.ScalarType) (results: CheckResult list) (failed: CheckResult list) =
    let isNumberless (result: CheckResult) = Double.IsNaN result.Error

    // 0/0: no gradient at all.
    let nothingArrives, failed =
        failed
        |> List.partition (fun result ->
            isNumberless result
            && result.Property.StartsWith("gradients", StringComparison.Ordinal))

    // Where modes differ as well, what is computed is not the same twice, and differences say nothing.
    let onlyDifferences =
        failed |> List.forall (fun result -> result.Property = "finite differences")

    if failed.IsEmpty then
        let places = nothingArrives |> List.map stack |> List.distinct |> String.concat ", "

        $"iqt: a check failed: the gradients of {places} are zero, which proves nothing. A layer or a module of your own behind hides what it computes from autograd (detach, no_grad, a number read out): iqt check without --depths says which."
    elif failed |> List.exists isNumberless then
        "iqt: a check failed: the network computes what is no number (NaN), or nothing but zeros. Does a layer divide by zero, or take the root or the logarithm of what can be negative?"
    elif dtype = torch.ScalarType.Float32 then
        $"iqt: a check failed.{worst failed} In float32 rounding alone grows with depth: --dtype float64 tells whether the generated code is at fault."
    elif onlyDifferences then
        let last = (List.last failed).Subject

        $"iqt: a check failed: all modes agree, but their gradients are wrong from {last} backwards. {last}, or what reads it, holds a layer or a module of your own that hides what it computes from autograd (detach, no_grad, a number read out), or whose own derivative is wrong."
    elif isDrift failed then
        drift failed
    else
        $"iqt: a check failed: the modes don't compute the same.{worst failed} Modules of your own have to give the same for the same input, parameters, buffers and random numbers: do they? A layer kind that you added to the source: does its adjoint fit (LayerKind.Adjoint)? Else report the network's declaration."
