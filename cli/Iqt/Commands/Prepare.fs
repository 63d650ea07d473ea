/// <c>iqt prepare</c>: high- and low-resolution tensors, masks and patches of a data set.
module Iqt.Cli.Commands.Prepare

open System
open Argu
open Iqt.Cli
open Iqt.Diffusion
open Iqt.Training

type Arguments =
    | [<MainCommand; ExactlyOnce>] Dataset of DATASET: string
    | [<Mandatory; Unique>] Out of DIR: string
    | [<Unique>] Patches of N: int
    | [<Unique>] Factor of R: int
    | [<Unique>] Shell of B: float
    | [<Unique>] Reweight of K: int
    | [<Unique>] Seed of N: uint64
    | [<Unique>] Jobs of N: int
    | [<Unique>] Memory of GB: float
    | [<Unique>] Keep_Going
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Dataset _ -> "folder in BIDS or HCP layout, or a .tsv table of paths (subject, dwi, bval, bvec, mask)."
            | Out _ -> "folder of the prepared data set; subjects that are there already are kept."
            | Patches _ -> "patches drawn from each subject (default 2250, the paper's)."
            | Factor _ -> "upsampling rate that will be trained (default 2)."
            | Shell _ -> "b-value in s/mm² of the shell used with b=0 (default 1000)."
            | Reweight _ -> "weighted fits after the ordinary one (default 1)."
            | Seed _ -> "seed of the draw of patches (default 0)."
            | Jobs _ -> "subjects at once, at most (default: one a core); fewer where the memory does not suffice."
            | Memory _ -> "GB that the process may take (default 2)."
            | Keep_Going -> "report subjects that can't be prepared and leave them out, instead of ending at the first."
            | Json -> "print one JSON document."

let examples = [
    "iqt prepare phantoms --out prepared"
    "iqt prepare /data/HCP --out prepared --patches 500 --jobs 4 --memory 8 --keep-going"
]

let private settings (arguments: ParseResults<Arguments>) =
    PreparationSettings(
        UpsamplingRate = Options.atLeast 2 "--factor" (arguments.GetResult(Factor, 2)),
        Patches = Options.atLeast 1 "--patches" (arguments.GetResult(Patches, 2250)),
        BValue = Options.positive "--shell" (arguments.GetResult(Shell, 1000.0)),
        Reweightings = Options.atLeast 0 "--reweight" (arguments.GetResult(Reweight, 1)),
        Seed = arguments.GetResult(Seed, 0UL)
    )

/// What was out of the ordinary in the subjects that were prepared now.
type private Oddities = {
    ComputedMasks: int
    Voxels: int64
    NonPositiveDefinite: int64
    WithoutSignal: int64
    ClampedSignals: int64
}

let private oddities (prepared: SubjectDescription seq) = {
    ComputedMasks = prepared |> Seq.filter (fun subject -> isNull subject.Mask) |> Seq.length
    Voxels = prepared |> Seq.sumBy (fun subject -> int64 subject.BrainVoxels)
    NonPositiveDefinite = prepared |> Seq.sumBy (fun subject -> int64 subject.NonPositiveDefinite)
    WithoutSignal = prepared |> Seq.sumBy (fun subject -> int64 subject.WithoutSignal)
    ClampedSignals = prepared |> Seq.sumBy _.ClampedSignals
}

// One line, whatever the number of subjects; nothing where there is nothing to say.
let private say (streams: Streams) (subjects: int) (found: Oddities) =
    let parts = [
        if found.ComputedMasks > 0 then
            $"masks that were computed from b=0 volumes: {found.ComputedMasks} of {subjects} (hr_mask.nii.gz; look at them before you rely on them)"
        if found.NonPositiveDefinite > 0L then
            let part = 100.0 * float found.NonPositiveDefinite / float found.Voxels

            $"tensors that are not positive definite, kept as fitted: {found.NonPositiveDefinite} of {found.Voxels} voxels (%.2f{part} %%)"
        if found.WithoutSignal > 0L then
            $"voxels without signal, whose tensors are zero: {found.WithoutSignal}"
        if found.ClampedSignals > 0L then
            $"signals raised to the floor: {found.ClampedSignals}"
    ]

    if not parts.IsEmpty then
        let all = String.concat "; " parts
        streams.Say $"Prepared {subjects} now; {all}. Figures of each are in its subject.json."

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let settings = settings arguments
    let folder = arguments.GetResult Out
    let found = Iqt.Diffusion.Dataset.Find(arguments.GetResult Dataset)

    for skipped in found.Skipped do
        streams.Say $"Skipped {skipped.Path}: {skipped.Reason}"

    let limits =
        PreparationLimits(
            Jobs = Options.atLeast 1 "--jobs" (arguments.GetResult(Jobs, Environment.ProcessorCount)),
            Memory = int64 (1e9 * Options.positive "--memory" (arguments.GetResult(Memory, 2.0))),
            KeepGoing = arguments.Contains Keep_Going
        )

    let result =
        Progress.track streams "Preparing subjects" (fun progress ->
            let report (state: PreparationProgress) =
                (progress :> IProgress<float>).Report state.Fraction

            Preparation.Run(
                found.Subjects,
                settings,
                folder,
                limits,
                Iqt.Experiments.Reporter<_> report,
                (fun plan -> progress.Line $"Preparing {plan.Jobs} at once within %.1f{float plan.Peak / 1e9} GB."),
                streams.Cancellation
            ))

    for failed in result.Failed do
        streams.Say $"Left out {failed.Subject}: {failed.Reason}"

    let odd = oddities result.Prepared
    say streams result.Prepared.Count odd
    let prepared = result.Dataset
    let names = prepared.Subjects |> Seq.map _.Id |> Seq.toList

    streams.Result(
        arguments.Contains Json,
        (fun () ->
            Json.object [
                "folder", Json.text prepared.Folder
                "subjects", names |> List.map Json.text |> Json.list
                "skipped", found.Skipped |> Seq.map (fun entry -> Json.text entry.Path) |> Json.list
                "failed",
                result.Failed
                |> Seq.map (fun failed ->
                    Json.object [ "subject", Json.text failed.Subject; "reason", Json.text failed.Reason ])
                |> Json.list
                "prepared", Json.integer result.Prepared.Count
                "computedMasks", Json.integer odd.ComputedMasks
                "nonPositiveDefinite", Json.integer odd.NonPositiveDefinite
                "withoutSignal", Json.integer odd.WithoutSignal
                "clampedSignals", Json.integer odd.ClampedSignals
            ]),
        fun writer -> names |> List.iter (fun (name: string) -> writer.WriteLine name)
    )

    ExitCode.Success
