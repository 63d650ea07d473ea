/// What the figures of a demo mean.
module Iqt.Experiments.Demo.DemoVerdict

open Iqt.Experiments.Methods

// Part of the plain network's error; seeds alone make as much of a difference.
let private noticeable = 0.02

/// The page stands alone: whoever sees the deeper network behind asks why there is one.
let words (methods: MethodErrors list) =
    let total name =
        methods
        |> List.find (fun method -> method.Method = name)
        |> fun method -> (method.Over _.Total).Mean

    let tooShort =
        if min (total "espcn") (total "espcn-rn") > total "cubic interpolation" then
            "No network was trained long enough to beat interpolation: this shows that all parts work, not what they can do. "
        else
            ""

    let first =
        match methods.Head.Errors, 1.0 - total "espcn-rn" / total "espcn" with
        | [ _ ], _ ->
            "Which of both networks is the better one can't be told from one subject. Depth pays with more subjects and time."
        | _, gain when abs gain < noticeable ->
            "The deeper, reversible network and the plain one are level here. Depth pays with more subjects and time."
        | _, gain when gain > 0.0 ->
            "The deeper, reversible network is ahead here, and gains more with more subjects and time."
        | _ ->
            "The deeper, reversible network is behind the plain one: in the minutes of a demo depth does not pay. It does with more subjects and time."

    tooShort
    + first
    + " With 24 subjects and half an hour of training its errors were less than ESPCN's on every unseen subject, by 4 % in total (docs/results.md); and however deep it is, its activations take no more memory."
