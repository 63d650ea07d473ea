/// What a unit builds upon.
module Iqt.Experiments.Studies.Readiness

/// The units that have to be done before a unit and are not.
let missing (folder: StudyFolder) (unit: StudyUnit) =
    let study = folder.Study

    let seeds label size = [ for seed in 0 .. study.Seeds - 1 -> Train(label, size, seed) ]

    let needed =
        match unit with
        | PrepareData
        | Measure _ -> []
        | Train _ -> [ PrepareData ]
        | Evaluate(label, size) -> seeds label size
        | EvaluateBaselines size -> [ Train(study.Networks.Head.Label, size, 0) ]
        | DrawPictures ->
            let largest = study.Sizes |> List.map fst |> List.max
            study.Networks |> List.collect (fun network -> seeds network.Label largest)

    needed |> List.filter (folder.IsDone >> not)
