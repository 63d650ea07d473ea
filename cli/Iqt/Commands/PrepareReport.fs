/// What <c>iqt prepare</c> says at its end: who was left out or kept, and what was out of the ordinary.
module Iqt.Cli.Commands.PrepareReport

open System
open Iqt.Cli
open Iqt.Diffusion
open Iqt.Training

/// What was out of the ordinary in some subjects.
type private Oddities = {
    Voxels: int64
    NonPositiveDefinite: int64
    WithoutSignal: int64
    ClampedSignals: int64
}

let private oddities (prepared: SubjectDescription seq) = {
    Voxels = prepared |> Seq.sumBy (fun subject -> int64 subject.BrainVoxels)
    NonPositiveDefinite = prepared |> Seq.sumBy (fun subject -> int64 subject.NonPositiveDefinite)
    WithoutSignal = prepared |> Seq.sumBy (fun subject -> int64 subject.WithoutSignal)
    ClampedSignals = prepared |> Seq.sumBy _.ClampedSignals
}

// Whatever is in the folder, prepared now or before.
let private described (dataset: PreparedDataset) = [
    for subject in dataset.Subjects do
        match subject.Describe() with
        | null -> ()
        | description -> subject, description
]

let private hasComputedMask (description: SubjectDescription) = isNull description.Mask

let private notes (result: PreparationResult) =
    let now = set [ for subject in result.Prepared -> subject.Subject ]
    let found = oddities result.Prepared

    let masks = [
        for subject, description in described result.Dataset do
            if now.Contains description.Subject && hasComputedMask description then
                subject.BrainFile
    ]

    [
        if not masks.IsEmpty then
            let them = if masks.Length = 1 then "it" else "them"

            $"masks that were computed from b=0 volumes: {masks.Length} of {now.Count} (look at {NameList.few masks} before you rely on {them})"
        if found.NonPositiveDefinite > 0L then
            let part = 100.0 * float found.NonPositiveDefinite / float found.Voxels

            $"tensors that are not positive definite, kept as fitted: {found.NonPositiveDefinite} of {found.Voxels} voxels (%.2f{part} %%)"
        if found.WithoutSignal > 0L then
            $"voxels without signal, whose tensors are zero: {found.WithoutSignal}"
        if found.ClampedSignals > 0L then
            $"signals below 1e-4 of their voxel's largest, raised to it: {found.ClampedSignals}"
    ]

let private sentence (text: string) =
    string (Char.ToUpperInvariant text[0]) + text[1..]

/// One line for each subject that was left out or kept, then one for all, whatever their number; nothing where there is
/// nothing to say.
let say (streams: Streams) (found: Dataset) (result: PreparationResult) =
    for stale in result.Stale do
        streams.Say $"Kept {stale.Subject} as it was prepared {stale.Reason}. Remove {stale.Folder} to prepare it anew."

    for failed in result.Failed do
        streams.Say $"Left out {failed.Subject}: {failed.Reason}"

    let prepared, failed = result.Prepared.Count, result.Failed.Count
    let before = found.Subjects.Count - prepared - failed

    let sentences = [
        if failed > 0 then
            let names = NameList.few [ for subject in result.Failed -> subject.Subject ]
            let there = if before > 0 then $"; there already: {before}" else ""
            $"Prepared {prepared} of {found.Subjects.Count} now; {failed} left out: {names}{there}."

        match notes result with
        | [] when prepared = 0 && failed = 0 -> $"Nothing to prepare: {before} there already."
        | [] -> ()
        | notes ->
            if failed = 0 then
                $"Prepared {prepared} now."

            sentence (String.concat "; " notes) + "."
            "Figures of each are in its subject.json."
    ]

    if not sentences.IsEmpty then
        streams.Say(String.concat " " sentences)

let private entries (entries: (string * string) seq) =
    Json.list [
        for subject, reason in entries -> Json.object [ "subject", Json.text subject; "reason", Json.text reason ]
    ]

/// The JSON document. Its figures are those of the subjects in it, so that a command which found everything there says the same.
let document (found: Dataset) (result: PreparationResult) =
    let descriptions = described result.Dataset |> List.map snd
    let odd = oddities descriptions

    Json.object [
        "folder", Json.text result.Dataset.Folder
        "subjects", Json.list [ for subject in result.Dataset.Subjects -> Json.text subject.Id ]
        "skipped", Json.list [ for entry in found.Skipped -> Json.text entry.Path ]
        "failed", entries [ for failed in result.Failed -> failed.Subject, failed.Reason ]
        "stale", entries [ for stale in result.Stale -> stale.Subject, stale.Reason ]
        "prepared", Json.integer result.Prepared.Count
        "computedMasks", Json.integer (descriptions |> List.filter hasComputedMask).Length
        "nonPositiveDefinite", Json.integer odd.NonPositiveDefinite
        "withoutSignal", Json.integer odd.WithoutSignal
        "clampedSignals", Json.integer odd.ClampedSignals
    ]
