/// Simulates subjects, trains ESPCN and ESPCN-RN, and compares both with interpolation on unseen subjects.
module Iqt.Experiments.Demo.DemoRun

open System
open System.Collections.Generic
open System.IO
open System.Threading
open Iqt.Diffusion
open Iqt.Diffusion.Phantom
open Iqt.Experiments
open Iqt.Experiments.Methods
open Iqt.Experiments.Reports
open Iqt.Reversible
open Iqt.Training

/// How a demo shows the stages that it goes through.
type IStages =
    /// Runs a stage, which reports the part done.
    abstract Run: title: string * work: (IProgress<float> -> unit) -> unit

/// What a demo found and where it is.
type DemoResult = {
    /// Errors of interpolation and of both networks.
    Methods: MethodErrors list
    /// Picture of MD: LR, cubic interpolation, truth, both networks.
    Picture: string
    /// The page that shows all of it.
    Report: string
}

let private networks = [ "espcn"; "espcn-rn" ]

let private training (settings: DemoSettings) (network: string) =
    let hyperparameters =
        if network = "espcn-rn" then
            dict [ "Blocks", settings.Blocks ]
        else
            Dictionary<string, int>()

    TrainingSettings(
        Network = network,
        Hyperparameters = Dictionary<string, int> hyperparameters,
        Subjects = Nullable(settings.Subjects - settings.TestSubjects),
        TestSubjects = settings.TestSubjects,
        Epochs = settings.Epochs[network],
        LearningRate = 1.5e-3
    )

let private train (settings: DemoSettings) catalog dataset (stages: IStages) (cancellation: CancellationToken) network =
    let folder = Path.Combine(settings.Folder, "runs", network)
    let mutable result = None

    stages.Run(
        $"Training {network}",
        fun progress ->
            let report (state: TrainingProgress) = progress.Report state.Fraction

            // One that was stopped goes on, a finished one stays; one with other settings is somebody's own.
            result <-
                Some(
                    TrainingRun.StartOrResume(
                        catalog,
                        dataset,
                        training settings network,
                        folder,
                        Reporter<_> report,
                        cancellation
                    )
                )
    )

    folder, result.Value

/// What was done, in words. Trainings end before their last epoch where validation stops improving.
let describe (settings: DemoSettings) (espcn: TrainingResult) (espcnRn: TrainingResult) =
    let seen = settings.Subjects - settings.TestSubjects
    let scale = settings.Scale.ToString().ToLowerInvariant()

    $"{settings.Subjects} simulated subjects at {scale} scale, {seen} for training and validation, {settings.TestSubjects} unseen; {settings.Patches} patches of each. "
    + $"espcn was trained for {espcn.Epochs} epochs, espcn-rn (RevNet blocks per stack: {settings.Blocks}) for {espcnRn.Epochs}, a small part of what the study took. Every setting is in runs/*/settings.json."

let private next (settings: DemoSettings) =
    let at (path: string) = Path.Combine(settings.Folder, path)
    let last = $"sub-%02d{settings.Subjects}"

    [
        "Super-resolve a scan that no training saw",
        [
            $"""iqt predict {at "runs/espcn"} {at $"phantoms/{last}/dwi/{last}_dwi.nii"} --out {at "results"}"""
        ]
        "Your own scans, in BIDS or HCP's layout (docs/getting-started.md)",
        [
            "iqt prepare my-data --out prepared"
            "iqt train espcn-rn --data prepared --out run --test-subjects 2"
            "iqt evaluate run --data prepared"
        ]
        "Where depth pays: the study, with tests, in a clone of the source (docs/experiments.md)",
        [ "iqt experiment run cli/scripts/fig4.fsx --preset small" ]
    ]

/// Runs all stages; finished ones are kept from an earlier run in the same folder.
let run (settings: DemoSettings) (catalog: NetworkCatalog) (stages: IStages) (cancellation: CancellationToken) =
    let phantoms = Path.Combine(settings.Folder, "phantoms")
    let prepared = Path.Combine(settings.Folder, "prepared")

    stages.Run(
        $"Simulating {settings.Subjects} subjects",
        fun progress ->
            let report (state: SimulationProgress) = progress.Report state.Fraction

            let wanted =
                SimulationSettings(settings.Subjects, settings.Scale, 1UL, Compress = false)

            Simulation.Write(wanted, phantoms, Reporter<_> report, cancellation)
    )

    stages.Run(
        "Preparing subjects",
        fun progress ->
            let report (state: PreparationProgress) = progress.Report state.Fraction

            let found = Dataset.Find phantoms
            let wanted = PreparationSettings(Patches = settings.Patches)

            Preparation.Run(found.Subjects, wanted, prepared, Reporter<_> report, cancellation)
            |> ignore
    )

    let dataset = PreparedDataset.Open prepared

    let runs =
        networks
        |> List.map (fun name -> name, train settings catalog dataset stages cancellation name)

    let openers =
        runs
        |> List.map (fun (name, (folder, _)) -> name, (fun () -> TrainedModel.Open(folder, catalog)))

    OpenedTogether.using openers (fun models ->
        let unseen =
            dataset.Subjects
            |> Seq.skip (dataset.Subjects.Count - settings.TestSubjects)
            |> Seq.toList

        let mutable methods = []

        stages.Run(
            "Evaluating unseen subjects",
            fun progress ->
                let networks =
                    models
                    |> List.map (fun (name, model) -> Comparison.network name model cancellation)

                let compared = List.truncate 2 Comparison.interpolation @ networks
                let patchSize = (snd models.Head).Geometry.InputSize
                methods <- Comparison.run compared patchSize unseen progress cancellation
        )

        let picture, pictures = DemoPicture.write settings models unseen.Head cancellation
        let report = Path.Combine(settings.Folder, "report.html")
        let ended = [ for _, (_, result) in runs -> result ]

        DemoReport.write report {
            Made = describe settings ended[0] ended[1]
            Verdict = DemoVerdict.words methods
            Methods = methods
            Pictures = pictures
            Scale = GreyScale.MeanDiffusivity
            Next = next settings
        }

        {
            Methods = methods
            Picture = picture
            Report = report
        })
