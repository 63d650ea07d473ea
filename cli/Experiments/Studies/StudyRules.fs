/// Rules that a study has to keep, so that what can't be run is refused before anything begins.
module Iqt.Experiments.Studies.StudyRules

open System
open Iqt.Diffusion

let private refuse (study: Study) what =
    raise (DataException $"study {study.Name}: {what}")

// A value that stands twice, by what has to be told apart.
let private twice values =
    values
    |> List.countBy id
    |> List.tryFind (fun (_, count) -> count > 1)
    |> Option.map fst

let private checkNetworks (study: Study) =
    let refuse = refuse study

    if study.Networks.IsEmpty then
        refuse "has no network, at least one was expected. Add network \"espcn\" \"espcn\" []."

    match twice (study.Networks |> List.map _.Label) with
    | Some label -> refuse $"has two networks called {label}. Give each a label of its own."
    | None -> ()

    match
        study.Networks
        |> List.tryFind (fun network ->
            String.IsNullOrEmpty network.Label
            || network.Label
               |> Seq.exists (fun c -> not (Char.IsAsciiLetterOrDigit c || c = '-' || c = '.')))
    with
    | Some network ->
        refuse
            $"has a network called '{network.Label}'; letters, digits, '-' and '.' were expected, as it names folders."
    | None -> ()

    if study.Networks |> List.exists (fun network -> network.Label = "baselines") then
        refuse
            "has a network called 'baselines', another label was expected: the units of interpolation are called so. Rename it."

let private checkSubjects (study: Study) =
    let refuse = refuse study

    if study.TestSubjects < 1 then
        refuse
            $"has no test subjects ({study.TestSubjects}), at least 1 was expected to evaluate on. Add testSubjects 2."

    match twice (study.Sizes |> List.map fst) with
    | Some size -> refuse $"trains on {size} subjects twice. Name each number of subjects once."
    | None -> ()

    match study.Data with
    | Phantoms(subjects, _, _) ->
        for size, _ in study.Sizes do
            if size + study.TestSubjects > subjects then
                refuse
                    $"has {subjects} phantoms, {size} to train on and {study.TestSubjects} to test on were expected. Simulate more."
    | Prepared _ -> ()

/// Refuses a study that can't be run. Throws DataException.
let check (study: Study) =
    let refuse = refuse study
    checkNetworks study

    if study.Sizes.IsEmpty && study.Measurement.IsNone then
        refuse "says no number of subjects, at least one was expected. Add subjects 8."

    if not study.Sizes.IsEmpty then
        checkSubjects study

    for label, _ in study.Measurement |> Option.map _.Steps |> Option.defaultValue [] do
        if not (study.Networks |> List.exists (fun network -> network.Label = label)) then
            refuse $"measures steps of '{label}', the label of one of its networks was expected."

    if study.Seeds < 1 then
        refuse $"has {study.Seeds} seeds, at least 1 was expected."

    for network in study.Networks do
        for size in study.Sizes do
            (Study.settings study network size 0).Check()
