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
            | Keep_Going ->
                "report subjects that can't be prepared and leave them out, and finished ones whose files changed since and keep them as they are, instead of ending at the first."
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

let private prepare (streams: Streams) subjects settings folder limits =
    Progress.track streams "Preparing subjects" (fun progress ->
        let report (state: PreparationProgress) =
            (progress :> IProgress<float>).Report state.Fraction

        Preparation.Run(
            subjects,
            settings,
            folder,
            limits,
            Iqt.Experiments.Reporter<_> report,
            (fun plan -> progress.Line $"Preparing {plan.Jobs} at once within %.1f{float plan.Peak / 1e9} GB."),
            streams.Cancellation
        ))

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
        try
            prepare streams found.Subjects settings folder limits
        with
        | :? OperationCanceledException ->
            streams.Say $"{folder}: stopped; subjects that are finished stay. The same command goes on with the others."

            reraise ()
        | :? SubjectException as error when found.Subjects.Count > 1 ->
            raise (
                DataException(
                    $"{error.Message} With --keep-going such subjects are left out and the others are prepared.",
                    error
                )
            )

    PrepareReport.say streams found result

    streams.Result(
        arguments.Contains Json,
        (fun () -> PrepareReport.document found result),
        fun writer ->
            for subject in result.Dataset.Subjects do
                writer.WriteLine subject.Id
    )

    ExitCode.Success
