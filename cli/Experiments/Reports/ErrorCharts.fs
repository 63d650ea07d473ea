/// RMSE on unseen subjects against depth and against the number of subjects.
module Iqt.Experiments.Reports.ErrorCharts

open Iqt.Experiments.Methods
open Iqt.Experiments.Statistics
open Iqt.Experiments.Studies
open Iqt.Training

/// Four charts, with what is evaluated so far.
let html (folder: StudyFolder) : string =
    let study = folder.Study

    let point (figure: SubjectError -> float) x (result: EvaluationResult) =
        let found = Summary.Of(result.Methods.Head.Errors |> List.map figure)
        x, found.Mean, Some found.Deviation

    let line i name points : Chart.Line = {
        Name = name
        Colour = i
        Dash = i
        Points = points
    }

    // The run's settings have declared defaults filled in, the study's don't. ESPCN is the RevNet without blocks; another
    // network without them has no place on that axis.
    let depth (network: StudiedNetwork) size =
        let run = folder.Run(network.Label, size, 0)

        let hyperparameters =
            if RunDirectory.Exists run then
                RunDirectory.Open(run).Settings.Hyperparameters
            else
                readOnlyDict network.Hyperparameters

        match hyperparameters.TryGetValue "Blocks" with
        | true, blocks -> Some blocks
        | _ when network.Network = "espcn" -> Some 0
        | _ -> None

    let againstDepth figure = [
        for i, (size, _) in List.indexed study.Sizes do
            line
                i
                $"{size} subjects"
                ([
                    for network in study.Networks do
                        match StudyResults.evaluation folder network.Label size, depth network size with
                        | Some result, Some blocks -> point figure (float blocks) result
                        | _ -> ()
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
        "<p class=\"note\">RMSE against depth, interior, exterior and total, of networks that have RevNet blocks and of ESPCN, and total against subjects; bars are the standard deviation over test subjects.</p>"
        "<div class=\"charts\">"
        Chart.draw blocks "RMSE interior, 1e-5 mm²/s" true (againstDepth _.Interior)
        Chart.draw blocks "RMSE exterior, 1e-5 mm²/s" true (againstDepth _.Exterior)
        Chart.draw blocks "RMSE total, 1e-5 mm²/s" true (againstDepth _.Total)
        Chart.draw "subjects for training and validation" "RMSE total, 1e-5 mm²/s" true againstSubjects
        "</div>"
    ]
