namespace Iqt.Experiments.Studies

open System.IO
open System.Text.Json
open Iqt.Diffusion
open Iqt.Experiments
open Iqt.Experiments.Statistics
open Iqt.Training

/// What an evaluation found: the errors of one or more methods, and for a network which seed was chosen.
type EvaluationResult = {
    /// The seed with the best validation loss; −1 for baselines.
    Seed: int
    /// Best validation loss of each seed.
    ValidationLosses: float list
    /// Errors on the test subjects.
    Methods: MethodErrors list
}

/// What a measurement found.
type MeasurementResult = {
    /// Network.
    Label: string
    /// How gradients were computed.
    Mode: string
    /// Number of parameters.
    Parameters: int64
    /// Peak of tensors in a step above what was in use before it, MB; of resident memory where tensors can't be counted.
    StepMegabytes: float
    /// Peak of resident memory of the whole process in a step, MB.
    ProcessMegabytes: float
    /// Median time of a step, seconds.
    StepSeconds: float
    /// Threads of libtorch.
    Threads: int
}

/// A network against the study's first one, in one figure.
type StudyTest = {
    /// Subjects for training and validation.
    Size: int
    /// The network's.
    Label: string
    /// The figure's name.
    Figure: string
    /// Subject by subject.
    Comparison: PairedComparison
    /// The exact p adjusted over all tests of the study.
    Holm: float
}

/// The results of units as files.
module StudyResults =
    let private options =
        JsonSerializerOptions(
            WriteIndented = true,
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            NumberHandling = Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals
        )

    /// Writes a unit's result: the unit is done.
    let write (folder: StudyFolder) (unit: StudyUnit) (result: 'a) =
        AtomicFile.WriteText(folder.Result unit, JsonSerializer.Serialize(result, options) + "\n")

    /// Reads a unit's result, if it is done.
    let tryRead<'a when 'a: not null and 'a: not struct> (folder: StudyFolder) (unit: StudyUnit) : 'a option =
        if folder.IsDone unit then
            let path = folder.Result unit

            try
                Some(nonNull (JsonSerializer.Deserialize<'a>(File.ReadAllText path, options)))
            with :? JsonException as error ->
                raise (
                    DataException($"{path}: {error.Message} Remove the unit's folder and run the study again.", error)
                )
        else
            None

    /// The evaluation of a network on a number of subjects.
    let evaluation (folder: StudyFolder) (label: string) (size: int) : EvaluationResult option =
        tryRead folder (Evaluate(label, size))

    /// A network against the study's first one on the same test subjects, figure by figure.
    let private against (folder: StudyFolder) (label: string) (size: int) : (string * PairedComparison) list =
        let reference = folder.Study.Networks.Head.Label

        match evaluation folder reference size, evaluation folder label size with
        | Some first, Some second when label <> reference ->
            let errors (result: EvaluationResult) = result.Methods.Head.Errors

            [
                for figure in Figures.regions do
                    let a, b = List.map figure.Of (errors first), List.map figure.Of (errors second)

                    // Small brains can have no interior.
                    if List.forall System.Double.IsFinite (a @ b) then
                        figure.Name,
                        PairedComparison.Of(ZeroRule.Wilcoxon, [ for e in errors first -> e.Subject ], a, b)
            ]
        | _ -> []

    /// Every network on every number of subjects against the first network, figure by figure.
    let tests (folder: StudyFolder) : StudyTest list =
        let found = [
            for size, _ in folder.Study.Sizes do
                for network in folder.Study.Networks do
                    for figure, comparison in against folder network.Label size do
                        size, network.Label, figure, comparison
        ]

        let adjusted =
            found
            |> List.map (fun (_, _, _, comparison) -> comparison.Test.Exact)
            |> List.toArray
            |> Holm.adjust

        [
            for i, (size, label, figure, comparison) in List.indexed found ->
                {
                    Size = size
                    Label = label
                    Figure = figure
                    Comparison = comparison
                    Holm = adjusted[i]
                }
        ]
