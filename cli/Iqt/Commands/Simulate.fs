/// <c>iqt simulate</c>: phantoms as a BIDS data set.
module Iqt.Cli.Commands.Simulate

open System
open Argu
open Iqt.Cli
open Iqt.Diffusion.Phantom

type Scale =
    | Tiny
    | Half
    | Full

type Arguments =
    | [<Mandatory; Unique>] Out of DIR: string
    | [<Unique>] Subjects of N: int
    | [<Unique>] Scale of Scale
    | [<Unique>] Seed of N: uint64
    | [<Unique>] Snr of RATIO: float
    | [<Unique>] Bias of STRENGTH: float
    | [<Unique>] Uncompressed
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Out _ -> "folder of the data set; subjects that are there already are kept."
            | Subjects _ -> "number of subjects, each another anatomy (default 8)."
            | Scale _ -> "tiny (for trying things out), half (2.5 mm, default) or full (1.25 mm, as HCP)."
            | Seed _ -> "decides every subject (default 0)."
            | Snr _ -> $"signal of white matter at b=0 over the noise (default {PhantomSubject.DefaultSnr})."
            | Bias _ ->
                "a coil's smooth factor on the signal: standard deviation of its logarithm, for example 0.15 (default 0, none)."
            | Uncompressed -> "write series as .nii, which is read faster and takes more room."
            | Json -> "print one JSON document."

let examples = [
    "iqt simulate --subjects 8 --scale half --seed 1 --out phantoms"
    "iqt simulate --subjects 1 --scale full --bias 0.15 --uncompressed --out phantoms"
]

let private scale (arguments: ParseResults<Arguments>) =
    match arguments.GetResult(Scale, Half) with
    | Tiny -> PhantomScale.Tiny
    | Half -> PhantomScale.Half
    | Full -> PhantomScale.Full

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let folder = arguments.GetResult Out
    let subjects = arguments.GetResult(Subjects, 8) |> Options.atLeast 1 "--subjects"

    let snr =
        arguments.GetResult(Snr, PhantomSubject.DefaultSnr) |> Options.positive "--snr"

    let settings =
        SimulationSettings(
            subjects,
            scale arguments,
            arguments.GetResult(Seed, 0UL),
            snr,
            not (arguments.Contains Uncompressed),
            arguments.GetResult(Bias, 0.0)
        )

    Progress.track streams "Simulating subjects" (fun progress ->
        let report (state: SimulationProgress) =
            (progress :> IProgress<float>).Report state.Fraction

        Simulation.Write(settings, folder, Iqt.Experiments.Reporter<_> report, streams.Cancellation))

    streams.Result(
        arguments.Contains Json,
        (fun () -> Json.object [ "folder", Json.text folder; "subjects", Json.integer subjects ]),
        fun writer -> writer.WriteLine folder
    )

    ExitCode.Success
