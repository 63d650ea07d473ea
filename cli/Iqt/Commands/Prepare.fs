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
            | Json -> "print one JSON document."

let examples = [
    "iqt prepare phantoms --out prepared"
    "iqt prepare /data/HCP --out prepared --patches 500"
]

let private settings (arguments: ParseResults<Arguments>) =
    PreparationSettings(
        UpsamplingRate = Options.atLeast 2 "--factor" (arguments.GetResult(Factor, 2)),
        Patches = Options.atLeast 1 "--patches" (arguments.GetResult(Patches, 2250)),
        BValue = Options.positive "--shell" (arguments.GetResult(Shell, 1000.0)),
        Reweightings = Options.atLeast 0 "--reweight" (arguments.GetResult(Reweight, 1)),
        Seed = arguments.GetResult(Seed, 0UL)
    )

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let settings = settings arguments
    let found = Iqt.Diffusion.Dataset.Find(arguments.GetResult Dataset)

    for skipped in found.Skipped do
        streams.Say $"Skipped {skipped.Path}: {skipped.Reason}"

    let prepared =
        Progress.track streams "Preparing subjects" (fun progress ->
            let report (state: PreparationProgress) =
                (progress :> IProgress<float>).Report((float state.Number - 1.0 + state.Part) / float state.Subjects)

            Preparation.Run(
                found.Subjects,
                settings,
                arguments.GetResult Out,
                Iqt.Experiments.Reporter<_> report,
                streams.Cancellation
            ))

    let names = prepared.Subjects |> Seq.map _.Id |> Seq.toList

    streams.Result(
        arguments.Contains Json,
        (fun () ->
            Json.object [
                "folder", Json.text prepared.Folder
                "subjects", names |> List.map Json.text |> Json.list
                "skipped", found.Skipped |> Seq.map (fun entry -> Json.text entry.Path) |> Json.list
            ]),
        fun writer -> names |> List.iter (fun (name: string) -> writer.WriteLine name)
    )

    ExitCode.Success
