/// How a network stands beside interpolation, figure by figure.
module Iqt.Experiments.Methods.InterpolationVerdict

open System
open Iqt.Training

// Differences below this part can't be seen in a table of errors.
let private least = 0.005

let private figures: (string * (SubjectError -> float)) list = [
    "in the interior", _.Interior
    "over the covered voxels", _.Covered
    "in total", _.Total
    "in FA", _.FractionalAnisotropy
]

let private shortName (interpolation: MethodErrors) =
    interpolation.Method.Replace(" interpolation", "")

// The best interpolation by a figure, and by which part its error is above the method's; none where there is no figure.
let private compare (interpolations: MethodErrors list) (method: MethodErrors) (figure: SubjectError -> float) =
    let mean (method: MethodErrors) = (method.Over figure).Mean

    if Double.IsNaN(mean method) then
        None
    else
        let best = interpolations |> List.minBy mean
        Some(shortName best, 1.0 - mean method / mean best)

let private words (place: string) (gain: float) =
    if abs gain < least then
        $"level {place}"
    else
        let sign = if gain > 0.0 then "better" else "worse"
        $"{sign} by %.0f{100.0 * abs gain} %% {place}"

/// A sentence that holds a method against the best interpolation by each figure there is.
let against (interpolations: MethodErrors list) (method: MethodErrors) : string =
    let found = [
        for place, figure in figures do
            match compare interpolations method figure with
            | Some(best, gain) -> best, words place gain
            | None -> ()
    ]

    match found |> List.map fst |> List.distinct with
    | [ one ] ->
        // Named once where one interpolation is the best by all.
        let clauses = found |> List.map snd |> String.concat ", "
        $"Beside the best interpolation ({one}) {method.Method} is {clauses}."
    | _ ->
        let clauses = found |> List.map (fun (best, clause) -> $"{clause} ({best})")
        $"""Beside the best interpolation of each figure {method.Method} is {String.concat ", " clauses}."""
