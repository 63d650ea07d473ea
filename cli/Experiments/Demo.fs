/// The whole path in minutes: phantoms, two networks, their errors on subjects that no training saw.
module Iqt.Experiments.Demo

open System
open System.Diagnostics
open System.IO
open System.Threading
open Iqt.Diffusion
open Iqt.Diffusion.Phantom
open Iqt.Models
open Iqt.Reversible
open Iqt.Training

/// One network of the demo and how long it trains.
type DemoNetwork = {
    /// In the table and above pictures.
    Label: string
    /// The declared name.
    Network: string
    /// By declared name.
    Hyperparameters: (string * int) list
    /// Most epochs.
    Epochs: int
    /// Adam's rate in the first epoch.
    LearningRate: float
}

/// What the demo computes. Nothing of it is tuned on the test subjects.
type DemoSettings = {
    /// Of the phantoms.
    Scale: PhantomScale
    /// Subjects for training and validation.
    TrainingSubjects: int
    /// Subjects that no training sees.
    TestSubjects: int
    /// Drawn from each subject.
    PatchesPerSubject: int
    /// In the order of the table.
    Networks: DemoNetwork list
    /// Of phantoms, patches and networks.
    Seed: uint64
}

/// About five minutes on two cores: many subjects with few patches each (design, section 8).
let settings = {
    Scale = PhantomScale.Half
    TrainingSubjects = 12
    TestSubjects = 4
    PatchesPerSubject = 120
    Networks = [
        {
            Label = "ESPCN"
            Network = "espcn"
            Hyperparameters = []
            Epochs = 30
            LearningRate = 1e-3
        }
        {
            Label = "ESPCN-RN2"
            Network = "espcn-rn"
            Hyperparameters = [ "Blocks", 2 ]
            Epochs = 12
            LearningRate = 2e-3
        }
    ]
    Seed = 1UL
}

/// One method's errors, subject by subject.
type DemoRow = {
    /// For example <c>ESPCN</c> or <c>cubic</c>.
    Method: string
    /// Of the test subjects.
    Errors: SubjectError list
    /// Wall time of its training; zero for interpolation.
    Training: TimeSpan
}

/// What the demo found.
type DemoResult = {
    /// Interpolation first, then the networks.
    Rows: DemoRow list
    /// Mean diffusivity of LR, truth and predictions, one picture a test subject.
    Pictures: string list
    /// The page with table and pictures.
    Report: string
    /// Wall time of everything.
    Elapsed: TimeSpan
}

/// Where the demo stands.
type DemoProgress = {
    /// What it is doing, for example <c>training ESPCN</c>.
    Stage: string
    /// The part of the stage that is done, 0 to 1.
    Part: float
}

let private reporter (report: 'a -> unit) =
    { new IProgress<'a> with
        member _.Report value = report value
    }

let private catalog = lazy (NetworkCatalog [ typeof<Espcn>.Assembly ])

let private simulate (settings: DemoSettings) folder (report: float -> unit) cancellation =
    let subjects = settings.TrainingSubjects + settings.TestSubjects

    // Uncompressed, since nobody keeps these series.
    Simulation.Write(
        SimulationSettings(subjects, settings.Scale, settings.Seed, Compress = false),
        folder,
        reporter (fun (p: SimulationProgress) -> report (float p.Done / float p.Subjects)),
        cancellation
    )

let private prepare (settings: DemoSettings) series folder (report: float -> unit) cancellation =
    Preparation.Run(
        Dataset.Find(series).Subjects,
        PreparationSettings(Patches = settings.PatchesPerSubject, Seed = settings.Seed),
        folder,
        reporter (fun (p: PreparationProgress) -> report ((float (p.Number - 1) + p.Part) / float p.Subjects)),
        cancellation
    )

let private train
    (settings: DemoSettings)
    (dataset: PreparedDataset)
    (network: DemoNetwork)
    folder
    report
    cancellation
    =
    let training =
        TrainingSettings.Default
            .With("network", network.Network)
            .With("hyperparameters", dict network.Hyperparameters)
            .With("epochs", network.Epochs)
            .With("learningRate", network.LearningRate)
            .With("testSubjects", settings.TestSubjects)
            .With("seed", settings.Seed)

    // A run that was stopped half-way is begun anew: it takes a minute or two.
    if Directory.Exists folder then
        Directory.Delete(folder, true)

    let progress (p: TrainingProgress) =
        let steps = float (p.Epochs * p.Steps)
        report (float ((p.Epoch - 1) * p.Steps + p.Step) / steps)

    TrainingRun.Start(catalog.Value, dataset, training, folder, reporter progress, cancellation)

let private picture folder (subject: SubjectImages) (predictions: (string * TensorImage) list) =
    let panel label tensors =
        Panel(label, TensorMaps.MeanDiffusivity tensors)

    let panels = [
        panel "low resolution" subject.LowResolution
        panel "truth" subject.HighResolution
        for label, prediction in predictions do
            panel label prediction
    ]

    let path = Path.Combine(folder, $"{subject.Id}_md.png")
    let slice = AxialSlice(subject.HighResolution.Grid, 0.55)
    SliceMontage.Write(path, ResizeArray panels, slice, GreyScale.MeanDiffusivity)
    path

let private evaluate
    (dataset: PreparedDataset)
    (models: (DemoNetwork * TimeSpan * TrainedModel) list)
    (settings: DemoSettings)
    folder
    report
    (cancellation: CancellationToken)
    =
    let subjects = dataset.Subjects |> Seq.skip settings.TrainingSubjects |> Seq.toList

    let results = [
        for i, subject in List.indexed subjects do
            report (float i / float subjects.Length)
            let images = subject.Load cancellation

            let predictions = [
                for network, _, model in models ->
                    network.Label, model.Predict(images.LowResolution, images.Brain, cancellation = cancellation)
            ]

            let regions =
                Regions.Of(images.Brain, images.LowResolutionMask, TrainingSettings.Default.PatchSize)

            let errors = [
                Evaluation.Of(InterpolationMethod.Linear, images)
                Evaluation.Of(InterpolationMethod.Cubic, images)
                for _, prediction in predictions do
                    Evaluation.Compare(images.Id, prediction, images.HighResolution, regions)
            ]

            errors, picture folder images predictions
    ]

    let methods = [
        "linear", TimeSpan.Zero
        "cubic", TimeSpan.Zero
        for network, time, _ in models do
            network.Label, time
    ]

    let rows =
        methods
        |> List.mapi (fun i (label, time) -> {
            Method = label
            Errors = results |> List.map (fun (errors, _) -> errors[i])
            Training = time
        })

    rows, List.map snd results

/// Runs the demo into a folder. What an earlier, interrupted demo simulated and prepared there is used again.
/// Raises DataException where the folder holds something else.
let run
    (settings: DemoSettings)
    (folder: string)
    (report: DemoProgress -> unit)
    (cancellation: CancellationToken)
    : DemoResult =
    let clock = Stopwatch.StartNew()
    let path name = Path.Combine(folder, name)
    let stage name part = report { Stage = name; Part = part }
    simulate settings (path "phantoms") (stage "simulating phantoms") cancellation

    let dataset =
        prepare settings (path "phantoms") (path "prepared") (stage "fitting tensors") cancellation

    let trained = [
        for network in settings.Networks do
            let run = Path.Combine(folder, "runs", network.Label.ToLowerInvariant())

            let result =
                train settings dataset network run (stage $"training {network.Label}") cancellation

            network, result.Elapsed, run
    ]

    let models = [
        for network, time, run in trained -> network, time, TrainedModel.Open(run, catalog.Value)
    ]

    try
        let rows, pictures =
            evaluate dataset models settings folder (stage "predicting test subjects") cancellation

        let result = {
            Rows = rows
            Pictures = pictures
            Report = path "report.html"
            Elapsed = clock.Elapsed
        }

        AtomicFile.WriteText(
            result.Report,
            DemoReport.page
                settings.TrainingSubjects
                (rows |> List.map (fun r -> r.Method, ErrorSummary.ofErrors r.Errors, r.Training))
                pictures
        )

        result
    finally
        for _, _, model in models do
            model.Dispose()
