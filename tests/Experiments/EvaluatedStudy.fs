/// Studies whose evaluations are written by hand: what is tested and reported of them needs no training.
module Iqt.Tests.Experiments.EvaluatedStudy

open Iqt.Experiments.Studies
open Iqt.Training

/// Two networks on three subjects.
let study: Study =
    StudyBuilder.study "evaluated" {
        title "Evaluated"
        prepared "prepared"
        testSubjects 2
        subjects 3
        network "espcn" "espcn" []
        network "rn" "espcn-rn" []
    }

/// A subject's errors: of the regions as given, the others made up.
let error (subject: string) (interior: float, exterior: float, total: float) (interiorVoxels: int) =
    SubjectError(
        subject,
        interior,
        exterior,
        total,
        total / 2.0,
        total / 300.0,
        20.0,
        0.8,
        interiorVoxels,
        100,
        total - 5.0,
        90
    )

/// Errors of subjects sub-01, sub-02 …, all with the interior of so many voxels; each subject has another error.
let errors (count: int) (level: float) (interiorVoxels: int) = [
    for i in 1..count ->
        let of' = level + float i * level / 100.0
        error $"sub-%02d{i}" (of', of' + 10.0, of' + 5.0) interiorVoxels
]

/// Writes the evaluation of a network on three subjects.
let write (folder: StudyFolder) (label: string) (errors: SubjectError list) =
    StudyResults.write folder (Evaluate(label, 3)) {
        Seed = 0
        ValidationLosses = [ 0.5 ]
        Methods = [ { Method = label; Errors = errors } ]
    }
