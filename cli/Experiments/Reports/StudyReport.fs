/// A study's page: errors, training curves, pictures, memory, the paper's figures, settings and versions, in one file.
module Iqt.Experiments.Reports.StudyReport

open System.IO
open Iqt.Diffusion
open Iqt.Experiments.Studies
open Iqt.Training

let private state (folder: StudyFolder) =
    let units = StudyUnit.all folder.Study
    let finished = units |> List.filter folder.IsDone |> List.length

    if finished = units.Length then
        $"<p>All {finished} units of work are done.</p>"
    else
        let missing =
            units
            |> List.filter (folder.IsDone >> not)
            |> List.map StudyUnit.name
            |> String.concat ", "

        $"<p><b>{finished} of {units.Length} units of work are done.</b> Missing: {Page.text missing}.</p>"

let private curves (folder: StudyFolder) =
    let runs size = [
        for network in folder.Study.Networks do
            for seed in 0 .. folder.Study.Seeds - 1 do
                let path = folder.Run(network.Label, size, seed)

                if RunDirectory.Exists path then
                    network.Label, seed, RunDirectory.Open(path).ReadMetrics()
    ]

    let colour label =
        folder.Study.Networks |> List.findIndex (fun network -> network.Label = label)

    // A colour for each network; training is dotted, so that validation stands out.
    let line label what dash points : Chart.Line = {
        Name = $"{label}, {what}"
        Colour = colour label
        Dash = dash
        Points = points
    }

    let charts = [
        for size, _ in folder.Study.Sizes do
            // The first seed of each network: more lines can't be told apart.
            let lines = [
                for label, seed, metrics in runs size do
                    if seed = 0 && metrics.Count > 0 then
                        line label "validation" 0 [ for m in metrics -> float m.Epoch, m.ValidationLoss, None ]
                        line label "training" 2 [ for m in metrics -> float m.Epoch, m.TrainingLoss, None ]
            ]

            if not lines.IsEmpty then
                let chart = Chart.draw "epoch" "normalised RMSE" false lines
                $"<div><h3>{size} subjects</h3>{chart}</div>"
    ]

    let unit = folder.Study.Settings.Validation

    if charts.IsEmpty then
        None
    else
        Some(
            String.concat "\n" [
                "<h2>Training</h2>"
                $"<p class=\"note\">Held out for validation: {(string unit).ToLowerInvariant()}. First seed of each network; training losses (dotted) are means over an epoch's steps, in training mode.</p>"
                "<div class=\"charts\">"
                yield! charts
                "</div>"
            ]
        )

let private pictures (folder: StudyFolder) =
    let path name =
        Path.Combine(folder.Unit DrawPictures, name)

    if folder.IsDone DrawPictures then
        Some(
            String.concat "\n" [
                "<h2>Mean diffusivity of a test subject</h2>"
                "<p class=\"note\">One axial slice on one grey scale, and below it the absolute errors on another one (Fig. 5 of the paper).</p>"
                Page.picture "MD: low resolution, truth, cubic interpolation and each network" (path "md.png")
                Page.picture "Absolute errors of MD" (path "md-error.png")
            ]
        )
    else
        None

let private paper (folder: StudyFolder) =
    if folder.Study.Sizes.IsEmpty then
        None
    else
        let figure (mean: float, deviation: float) = $"%.2f{mean} ± %.2f{deviation}"

        let rows = [
            for model, subjects, interior, exterior, total in PaperFigures.fig4 ->
                false, [ model; string subjects; figure interior; figure exterior; figure total ]
        ]

        Some(
            String.concat "\n" [
                "<h2>The paper's figures</h2>"
                "<p class=\"note\">Fig. 4 of Blumberg et al. (MICCAI 2018): RMSE on 8 subjects of the Human Connectome Project. Other subjects than above (phantoms are no brains), so compare differences between networks, not heights.</p>"
                Page.table [ "model"; "subjects"; "interior"; "exterior"; "total" ] rows
            ]
        )

// What the trainings were made with, which may be another machine or an earlier version than this one.
let private versions (folder: StudyFolder) =
    let describe (found: RunVersions) =
        $"Iqt {found.Iqt}, .NET {found.Dotnet}, TorchSharp {found.TorchSharp}, libtorch {found.Libtorch}, {found.System}, threads of a process: {found.Threads}."

    let trainings = [
        for unit in StudyUnit.all folder.Study do
            match unit with
            | Train(label, size, seed) ->
                let path = folder.Run(label, size, seed)

                if RunDirectory.Exists path then
                    describe (RunDirectory.Open(path).ReadVersions())
            | _ -> ()
    ]

    match List.distinct trainings with
    | [] ->
        // F# Interactive knows nothing of natives, and a script may come here without having computed anything:
        // asked for a version first, TorchSharp's own loader would run and fail.
        Iqt.Reversible.Natives.TorchNatives.EnsureLoaded()
        [ describe (RunVersions.Current()) ]
    | [ one ] -> [ one ]
    | several -> "Trainings were made with different versions or machines:" :: several

let private provenance (folder: StudyFolder) =
    let settings = File.ReadAllText(Path.Combine(folder.Path, "study.json"))

    let made = versions folder |> List.map (fun words -> $"<p>{Page.text words}</p>")

    String.concat "\n" [
        "<h2>How it was made</h2>"
        yield! made
        $"<p>{folder.Study.Seeds} seeds a setting, {StudyUnit.all(folder.Study).Length} units of work. The folder of each run holds its settings, versions, subjects and metrics.</p>"
        $"<details><summary>study.json: all settings</summary><pre>{Page.text settings}</pre></details>"
    ]

/// Writes the page from what is done so far.
let write (folder: StudyFolder) =
    let parts =
        [
            Some(state folder)
            ErrorSection.html folder
            pictures folder
            curves folder
            MemorySection.html folder
            paper folder
            Some(provenance folder)
        ]
        |> List.choose id

    AtomicFile.WriteText(folder.Report, Page.page folder.Study.Title parts)
