namespace Iqt.Experiments.Studies

open System
open System.IO
open Iqt.Diffusion
open Iqt.Training

/// What a unit of work is at.
type UnitState =
    /// Its result is there.
    | Done
    /// A process works on it.
    | Running
    /// It ended with a message.
    | Failed of message: string
    /// Not begun, or stopped on the way.
    | Waiting

/// The folder of a study: <c>study.json</c>, a folder for each unit below <c>units/</c>, <c>data/</c>, <c>logs/</c>,
/// <c>report.html</c>.
type StudyFolder private (path: string, study: Study) =
    // What a kill during the first writing of study.json leaves: no reason to refuse the folder.
    static let isRemains (path: string) =
        let name = nonNull (Path.GetFileName path)

        name.StartsWith(".study.json.", StringComparison.Ordinal)
        && name.EndsWith(".tmp", StringComparison.Ordinal)

    let at (names: string list) = Path.Combine [| path; yield! names |]

    /// The folder.
    member _.Path = path

    /// What is compared.
    member _.Study = study

    /// Prepared subjects.
    member _.Data =
        match study.Data with
        | Phantoms _ -> at [ "data"; "prepared" ]
        | Prepared folder -> folder

    /// Simulated series.
    member _.PhantomFolder = at [ "data"; "phantoms" ]

    /// What processes said.
    member _.Logs = at [ "logs" ]

    /// The page that answers.
    member _.Report = at [ "report.html" ]

    /// A unit's folder.
    member _.Unit(unit: StudyUnit) = at [ "units"; StudyUnit.name unit ]

    /// The file that a unit writes when it is done.
    member this.Result(unit: StudyUnit) =
        Path.Combine(this.Unit unit, "result.json")

    /// The run of a training.
    member this.Run(label: string, size: int, seed: int) =
        Path.Combine(this.Unit(Train(label, size, seed)), "run")

    /// The file with a unit's failure.
    member this.Failure(unit: StudyUnit) =
        Path.Combine(this.Unit unit, "failure.txt")

    /// Whether a unit is done.
    member this.IsDone(unit: StudyUnit) = File.Exists(this.Result unit)

    /// What a unit is at.
    member this.State(unit: StudyUnit) =
        if this.IsDone unit then
            Done
        elif RunLock.IsHeld(this.Unit unit) then
            Running
        elif File.Exists(this.Failure unit) then
            Failed(File.ReadAllText(this.Failure unit).Trim())
        else
            Waiting

    /// Begins a study in a new folder, or goes on with the same study. Throws DataException if the folder holds
    /// another one.
    static member Begin(path: string, study: Study) =
        StudyRules.check study
        let file = Path.Combine(path, "study.json")
        let wanted = StudyFile.format study

        if File.Exists file then
            // Read and written again: an earlier version's file lacks the settings that came later, which then meant
            // what is their default now.
            if StudyFile.format (StudyFile.parse (File.ReadAllText file) file) <> wanted then
                raise (
                    DataException
                        $"{path}: holds another study or other settings of it (study.json), none or the same was expected. Choose another folder with --out."
                )
        else
            if
                Directory.Exists path
                && Directory.EnumerateFileSystemEntries path |> Seq.exists (isRemains >> not)
            then
                raise (
                    DataException
                        $"{path}: holds something else than a study, a new or empty folder was expected. Choose another with --out."
                )

            AtomicFile.WriteText(file, wanted)

        StudyFolder(path, study)

    /// Opens a study. Throws DataException.
    static member Open(path: string) =
        let file = Path.Combine(path, "study.json")

        if not (File.Exists file) then
            raise (
                DataException
                    $"{path}: holds no study.json, the folder of a study was expected. Name one that iqt experiment run wrote."
            )

        // Labels name folders: one of a file that somebody changed must not lead out of the study's.
        let study = StudyFile.parse (File.ReadAllText file) file
        StudyRules.check study
        StudyFolder(path, study)
