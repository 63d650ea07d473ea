/// Whether what a unit needs is there.
module Iqt.Experiments.Engines.Readiness

open Iqt.Experiments.Studies

/// Whether all units are done that a unit builds upon.
let isReady (folder: StudyFolder) (unit: StudyUnit) =
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

    List.forall folder.IsDone needed
