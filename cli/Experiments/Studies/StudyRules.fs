/// Rules that a study has to keep, so that what can't be run is refused before anything begins.
module Iqt.Experiments.Studies.StudyRules

open System
open Iqt.Diffusion
open Iqt.Training

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

let private checkSettings (study: Study) =
    for network in study.Networks do
        for name, _ in network.Changes do
            OwnSettings.refuse $"study {study.Name}: {network.Label}" name

        for size, patches in study.Sizes do
            let settings = Study.settings study network (size, patches) 0
            settings.Check()

            if size = 1 && settings.Validation = ValidationUnit.Subjects then
                refuse
                    study
                    $"trains {network.Label} on 1 subject, at least 2 were expected: one to train on, one to validate. Add subjects 2, or hold out patches instead: setting \"validation\" \"patches\"."

let private checkMeasurement (study: Study) (measurement: Measurement) =
    let refuse = refuse study

    if measurement.Steps.IsEmpty then
        refuse "measures no step, at least one network and mode was expected. Name one behind measure or leave it out."

    if measurement.Repetitions < 1 then
        refuse $"times {measurement.Repetitions} steps, at least 1 was expected. Correct the number behind measure."

    for label, mode in measurement.Steps do
        match study.Networks |> List.tryFind (fun network -> network.Label = label) with
        | None -> refuse $"measures steps of '{label}', the label of one of its networks was expected."
        | Some network ->
            match (Study.measuredSettings study network).With("mode", mode).Conflict with
            | null -> ()
            | conflict -> refuse $"measures steps of '{label}' that can't be computed. {conflict}."

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

    Option.iter (checkMeasurement study) study.Measurement

    if study.Seeds < 1 then
        refuse $"has {study.Seeds} seeds, at least 1 was expected."

    checkSettings study
