/// RMSE on unseen subjects against depth and against the number of subjects.
module Iqt.Experiments.Reports.ErrorCharts

open Iqt.Experiments
open Iqt.Experiments.Statistics
open Iqt.Experiments.Studies

/// Four charts, with what is evaluated so far.
let html (folder: StudyFolder) : string =
    let study = folder.Study

    let point (figure: Iqt.Training.SubjectError -> float) x (result: EvaluationResult) =
        let found = Summary.Of(result.Methods.Head.Errors |> List.map figure)
        x, found.Mean, Some found.Deviation

    let line i name points : Chart.Line = {
        Name = name
        Colour = i
        Dash = i
        Points = points
    }

    let depth (network: StudiedNetwork) =
        network.Hyperparameters
        |> List.tryFind (fst >> (=) "Blocks")
        |> Option.map snd
        |> Option.defaultValue 0

    let againstDepth figure = [
        for i, (size, _) in List.indexed study.Sizes do
            line
                i
                $"{size} subjects"
                ([
                    for network in study.Networks do
                        match StudyResults.evaluation folder network.Label size with
                        | Some result -> point figure (float (depth network)) result
                        | None -> ()
                 ]
                 |> List.sortBy (fun (x, _, _) -> x))
    ]

    let againstSubjects = [
        for i, network in List.indexed study.Networks do
            line i network.Label [
                for size, _ in study.Sizes do
                    match StudyResults.evaluation folder network.Label size with
                    | Some result -> point _.Total (float size) result
                    | None -> ()
            ]
    ]

    let blocks = "RevNet blocks per stack (0: ESPCN)"

    String.concat "\n" [
        "<p class=\"note\">RMSE against depth, interior, exterior and total, and total against subjects; bars are the standard deviation over test subjects.</p>"
        "<div class=\"charts\">"
        Chart.draw blocks "RMSE interior, 1e-5 mm²/s" true (againstDepth _.Interior)
        Chart.draw blocks "RMSE exterior, 1e-5 mm²/s" true (againstDepth _.Exterior)
        Chart.draw blocks "RMSE total, 1e-5 mm²/s" true (againstDepth _.Total)
        Chart.draw "subjects for training and validation" "RMSE total, 1e-5 mm²/s" true againstSubjects
        "</div>"
    ]
