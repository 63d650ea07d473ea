/// Does one unit of a study, in this process.
module Iqt.Experiments.Studies.Work

open System
open System.IO
open System.Threading
open Iqt.Diffusion
open Iqt.Diffusion.Phantom
open Iqt.Experiments
open Iqt.Experiments.Methods
open Iqt.Reversible
open Iqt.Training

/// What a unit needs to run.
type Context = {
    /// The study's folder.
    Folder: StudyFolder
    /// Where networks are found.
    Catalog: NetworkCatalog
    /// Gets the part done.
    Progress: IProgress<float>
    /// Asked before each step.
    Cancellation: CancellationToken
}

let private network (context: Context) label =
    context.Folder.Study.Networks
    |> List.find (fun network -> network.Label = label)

let private size (context: Context) subjects =
    context.Folder.Study.Sizes |> List.find (fst >> (=) subjects)

let private prepare (context: Context) : DataResult =
    let folder = context.Folder

    match folder.Study.Data with
    | Prepared path -> PreparedDataset.Open path |> ignore
    | Phantoms(subjects, scale, seed) ->
        let simulated (state: SimulationProgress) =
            context.Progress.Report(0.5 * state.Fraction)

        let prepared (state: PreparationProgress) =
            context.Progress.Report(0.5 + 0.5 * state.Fraction)

        Simulation.Write(
            SimulationSettings(subjects, scale, seed, Compress = false),
            folder.PhantomFolder,
            Reporter<_> simulated,
            context.Cancellation
        )

        Preparation.Run(
            Dataset.Find(folder.PhantomFolder).Subjects,
            PreparationSettings(Patches = folder.Study.Patches),
            folder.Data,
            Reporter<_> prepared,
            context.Cancellation
        )
        |> ignore

    let dataset = PreparedDataset.Open folder.Data
    // Also the last moment to find that there are too few.
    for subjects, _ in folder.Study.Sizes do
        dataset.Choose(subjects, folder.Study.TestSubjects) |> ignore

    let count = dataset.Subjects.Count

    {
        Subjects = count
        TestSubjects =
            Some [
                for subject in Seq.skip (count - folder.Study.TestSubjects) dataset.Subjects -> subject.Id
            ]
    }

let private train (context: Context) label subjects seed =
    let study = context.Folder.Study

    let report (state: TrainingProgress) = context.Progress.Report state.Fraction

    let result =
        TrainingRun.StartOrResume(
            context.Catalog,
            PreparedDataset.Open context.Folder.Data,
            Study.settings study (network context label) (size context subjects) seed,
            context.Folder.Run(label, subjects, seed),
            Reporter<_> report,
            context.Cancellation
        )

    {|
        Epochs = result.Epochs
        BestEpoch = result.BestEpoch
        BestValidationLoss = result.BestValidationLoss
    |}

let private validationLosses (context: Context) label subjects = [
    for seed in 0 .. context.Folder.Study.Seeds - 1 do
        let run = RunDirectory.Open(context.Folder.Run(label, subjects, seed))
        (Checkpoint.Read run.BestCheckpoint).ValidationLoss
]

let private bestSeed losses =
    losses |> List.indexed |> List.minBy snd |> fst

let private openBest (context: Context) label subjects =
    let losses = validationLosses context label subjects
    let seed = bestSeed losses
    let run = context.Folder.Run(label, subjects, seed)
    TestSubjects.checkUnseen context.Folder (RunDirectory.Open run)
    seed, losses, TrainedModel.Open(run, context.Catalog)

// Only here test subjects are looked at: once, by the model that validation chose.
let private evaluate (context: Context) label subjects : EvaluationResult =
    let seed, losses, model = openBest context label subjects
    use model = model

    {
        Seed = seed
        ValidationLosses = losses
        Methods =
            Comparison.run
                [ Comparison.network label model context.Cancellation ]
                model.Geometry.InputSize
                (TestSubjects.prepared context.Folder)
                context.Progress
                context.Cancellation
    }

let private evaluateBaselines (context: Context) subjects : EvaluationResult =
    let first = context.Folder.Study.Networks.Head.Label
    let run = RunDirectory.Open(context.Folder.Run(first, subjects, 0))
    TestSubjects.checkUnseen context.Folder run
    let dataset = PreparedDataset.Open context.Folder.Data

    let withRole (roles: SubjectRole list) = [
        for subject in run.Subjects do
            if List.contains subject.Role roles then
                for prepared in dataset.Find [ subject.Id ] do
                    prepared.Load context.Cancellation
    ]

    let ridge =
        Comparison.ridge
            (withRole [ SubjectRole.Training; SubjectRole.TrainingAndValidation ])
            (withRole [ SubjectRole.Validation ])
            context.Cancellation

    {
        Seed = -1
        ValidationLosses = []
        Methods =
            Comparison.run
                (Comparison.interpolation @ [ ridge ])
                run.Settings.PatchSize
                (TestSubjects.prepared context.Folder)
                context.Progress
                context.Cancellation
    }

let private draw (context: Context) =
    let study = context.Folder.Study
    let largest = study.Sizes |> List.map fst |> List.max

    let openers = [
        for network in study.Networks do
            network.Label,
            fun () ->
                let _, _, model = openBest context network.Label largest
                model
    ]

    OpenedTogether.using openers (fun models ->
        let subject = List.head (TestSubjects.prepared context.Folder)

        Pictures.draw (context.Folder.Unit DrawPictures) subject models context.Cancellation
        |> ignore

        {|
            Subject = subject.Id
            Subjects = largest
        |})

/// Does a unit, unless it is done, and writes its result. One process at a time works on a unit. A failure is
/// written beside it and thrown on.
let run (context: Context) (unit: StudyUnit) =
    let folder = context.Folder

    // A stopped training has a best checkpoint too: it must not be evaluated as if it were the last word.
    match Readiness.missing folder unit with
    | [] -> ()
    | missing ->
        let names = missing |> List.map StudyUnit.name |> String.concat ", "

        raise (
            DataException
                $"{StudyUnit.name unit}: needs {names}, which is not done. Run the study again; it goes on where it stopped."
        )

    if not (folder.IsDone unit) then
        use _ = RunLock.Take(folder.Unit unit)

        if not (folder.IsDone unit) then
            // An attempt that ends without a word must not seem to have failed as the one before did.
            File.Delete(folder.Failure unit)

            try
                match unit with
                | PrepareData -> StudyResults.write folder unit (prepare context)
                | Train(label, subjects, seed) -> StudyResults.write folder unit (train context label subjects seed)
                | Evaluate(label, subjects) -> StudyResults.write folder unit (evaluate context label subjects)
                | EvaluateBaselines subjects -> StudyResults.write folder unit (evaluateBaselines context subjects)
                | DrawPictures -> StudyResults.write folder unit (draw context)
                | Measure(label, mode) ->
                    let threads =
                        folder.Study.Settings.Threads.GetValueOrDefault Environment.ProcessorCount

                    let repetitions = folder.Study.Measurement.Value.Repetitions

                    let measured = network context label
                    let settings = Study.measuredSettings folder.Study measured

                    StepMeasurement.run context.Catalog measured settings mode repetitions threads
                    |> StudyResults.write folder unit
            with
            | :? OperationCanceledException -> reraise ()
            | error ->
                AtomicFile.WriteText(folder.Failure unit, error.Message + "\n")
                reraise ()
