namespace Iqt.Experiments.Studies

open System.IO
open System.Text.Json
open Iqt.Diffusion
open Iqt.Experiments.Methods
open Iqt.Experiments.Statistics
open Iqt.Training

/// What preparing the data found.
type DataResult = {
    /// How many subjects there are.
    Subjects: int
    /// The test subjects; None in results that were written before they were kept.
    TestSubjects: string list option
}

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

    /// The errors of the study's first network and of another one, subject by subject, if both are evaluated.
    /// Throws DataException if their subjects differ: a test of such pairs would mislead.
    let private paired (folder: StudyFolder) (label: string) (size: int) =
        let reference = folder.Study.Networks.Head.Label

        match evaluation folder reference size, evaluation folder label size with
        | Some first, Some second when label <> reference ->
            let a, b = first.Methods.Head.Errors, second.Methods.Head.Errors
            let subjects (errors: SubjectError list) = errors |> List.map _.Subject

            if subjects a <> subjects b then
                let names errors = String.concat ", " (subjects errors)

                let of', other =
                    folder.Unit(Evaluate(reference, size)), folder.Unit(Evaluate(label, size))

                raise (
                    DataException
                        $"{other}: is the evaluation on {names b}, that of {of'} is on {names a}; the same subjects were expected. Remove both folders and run the study again."
                )

            Some(a, b)
        | _ -> None

    // Of the same brains, as many voxels are the same voxels: the interior of a larger patch lies within that of a smaller one.
    let private sameRegions (first: SubjectError list, second: SubjectError list) =
        List.forall2 (fun (a: SubjectError) (b: SubjectError) -> a.InteriorVoxels = b.InteriorVoxels) first second

    /// Networks, and on how many subjects they were trained, whose interior and exterior are other voxels than the first
    /// network's (another patch size), so that both are not tested.
    let otherRegions (folder: StudyFolder) : (string * int) list = [
        for size, _ in folder.Study.Sizes do
            for network in folder.Study.Networks do
                match paired folder network.Label size with
                | Some errors when not (sameRegions errors) -> network.Label, size
                | _ -> ()
    ]

    /// A network against the study's first one on the same test subjects and voxels, figure by figure.
    let private against (folder: StudyFolder) (label: string) (size: int) : (string * PairedComparison) list =
        match paired folder label size with
        | Some(first, second) -> [
            for figure in Figures.regions do
                let a, b = List.map figure.Of first, List.map figure.Of second

                // Small brains can have no interior.
                if
                    (figure.Name = "total" || sameRegions (first, second))
                    && List.forall System.Double.IsFinite (a @ b)
                then
                    figure.Name, PairedComparison.Of(ZeroRule.Wilcoxon, [ for e in first -> e.Subject ], a, b)
          ]
        | None -> []

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
