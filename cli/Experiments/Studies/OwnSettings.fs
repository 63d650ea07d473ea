/// Training settings that a study decides by words of its own; as settings they would be overridden without a word, or give
/// trainings other subjects than those that the report names.
module Iqt.Experiments.Studies.OwnSettings

open Iqt.Diffusion

let private instead =
    Map [
        "network", "Write network \"label\" \"espcn\" []"
        "hyperparameters", "Write network \"label\" \"espcn-rn\" [ (\"Blocks\", 4) ]"
        "subjects", "Write subjects 8"
        "patchesPerSubject", "Write subjectsWith 24 80"
        "testSubjects", "Write testSubjects 8"
        "seed", "Write seeds 4"
        "threads", "Give --threads 4 to iqt experiment run"
    ]

/// Refuses such a setting; <c>place</c> says where it stands. Throws DataException.
let refuse (place: string) (name: string) =
    match Map.tryFind name instead with
    | Some words ->
        raise (
            DataException
                $"{place}: has the setting '{name}', one that the study does not decide itself was expected. {words} instead."
        )
    | None -> ()
