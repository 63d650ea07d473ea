namespace Iqt.Experiments.Studies

open System.Collections.Generic
open Iqt.Diffusion.Phantom
open Iqt.Training

/// Where a study's subjects come from.
type StudyData =
    /// Phantoms, simulated and prepared in the study's folder.
    | Phantoms of subjects: int * scale: PhantomScale * seed: uint64
    /// A folder that iqt prepare wrote.
    | Prepared of folder: string

/// A network with hyperparameters and, if they differ from the study's, training settings of its own.
type StudiedNetwork = {
    /// Its name in tables and folders, for example <c>espcn-rn4</c>.
    Label: string
    /// The declared name.
    Network: string
    /// Hyperparameters.
    Hyperparameters: (string * int) list
    /// Training settings by their names in settings.json.
    Changes: (string * objnull) list
}

/// How memory and time of training steps are measured (the paper's Fig. 6).
type Measurement = {
    /// Labels of networks and the mode each is measured in.
    Steps: (string * Iqt.Reversible.BackpropagationMode) list
    /// Steps that are timed.
    Repetitions: int
}

/// What is compared: every network on every number of subjects, from every seed. The best seed by validation is
/// evaluated on the test subjects.
type Study = {
    /// Its name in folders.
    Name: string
    /// The report's heading.
    Title: string
    /// The subjects.
    Data: StudyData
    /// Patches that are drawn from each subject.
    Patches: int
    /// Subjects at the end of the data set that no training sees.
    TestSubjects: int
    /// Numbers of subjects for training and validation, and patches of each subject (all if None).
    Sizes: (int * int option) list
    /// The first is what the others are compared with.
    Networks: StudiedNetwork list
    /// Trainings of each setting.
    Seeds: int
    /// What all trainings share.
    Settings: TrainingSettings
    /// If steps are measured.
    Measurement: Measurement option
}

/// What a study asks for.
module Study =
    /// Settings with some changed, by their names in settings.json.
    let changed (changes: (string * objnull) list) (settings: TrainingSettings) =
        (settings, changes)
        ||> List.fold (fun settings (name, value) -> settings.With(name, value))

    /// The settings of one training.
    let settings (study: Study) (network: StudiedNetwork) (size: int, patches: int option) (seed: int) =
        let hyperparameters = Dictionary<string, int>()

        for name, value in network.Hyperparameters do
            hyperparameters[name] <- value

        let changes: (string * objnull) list = [
            "network", box network.Network
            "hyperparameters", box hyperparameters
            "subjects", box size
            "testSubjects", box study.TestSubjects
            "patchesPerSubject",
            (match patches with
             | Some count -> box count
             | None -> null)
            "seed", box seed
            for name, value in network.Changes do
                name, value
        ]

        changed changes study.Settings

    /// The settings of a measured step.
    let measuredSettings (study: Study) (network: StudiedNetwork) = changed network.Changes study.Settings
