/// What errors of the interior and the exterior say of a network.
module Iqt.Experiments.RegionVerdict

open System
open Iqt.Training

// Differences below this part can't be seen in a table of errors.
let private least = 0.005

let private shortName (interpolation: MethodErrors) =
    interpolation.Method.Replace(" interpolation", "")

// The best interpolation of a region, and by which part its error is above the method's.
let private compare (interpolations: MethodErrors list) (method: MethodErrors) (region: SubjectError -> float) =
    let mean (method: MethodErrors) = (method.Over region).Mean
    let best = interpolations |> List.minBy mean
    shortName best, 1.0 - mean method / mean best

let private words (reference: string option) (gain: float) =
    if abs gain < least then
        $"""level with {defaultArg reference "it"}"""
    else
        let sign = if gain > 0.0 then "better" else "worse"
        let than = reference |> Option.map (fun name -> $" than {name}")
        $"""{sign}{defaultArg than ""} by %.0f{100.0 * abs gain} %%"""

/// A sentence that holds a method against the best interpolation; None where there is no interior.
let against (interpolations: MethodErrors list) (method: MethodErrors) : string option =
    if Double.IsNaN((method.Over _.Interior).Mean) then
        None
    else
        let innerBest, innerGain = compare interpolations method _.Interior
        let outerBest, outerGain = compare interpolations method _.Exterior
        let interior = words (Some $"the best interpolation ({innerBest})") innerGain

        // Named once where one interpolation is the best of both.
        let exterior =
            words
                (if outerBest = innerBest then
                     None
                 else
                     Some $"the best ({outerBest})")
                outerGain

        Some $"In the interior {method.Method} is {interior}; in the exterior {exterior}."
