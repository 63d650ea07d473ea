namespace Iqt.Experiments.Studies

open Iqt.Diffusion.Phantom
open Iqt.Training

/// Builds a study: <c>study "fig4" { phantoms 32 PhantomScale.Half 1UL; … }</c>.
type StudyBuilder(name: string) =
    /// A study without subjects and networks.
    member _.Yield(_: unit) : Study = {
        Name = name
        Title = name
        Data = Prepared "prepared"
        Patches = 2250
        TestSubjects = 8
        Sizes = []
        Networks = []
        Seeds = 1
        Settings = TrainingSettings.Default
        Measurement = None
    }

    /// The report's heading.
    [<CustomOperation "title">]
    member _.Title(study: Study, text: string) = { study with Title = text }

    /// Simulated subjects.
    [<CustomOperation "phantoms">]
    member _.Phantoms(study: Study, subjects: int, scale: PhantomScale, seed: uint64) = {
        study with
            Data = Phantoms(subjects, scale, seed)
    }

    /// Subjects that iqt prepare prepared.
    [<CustomOperation "prepared">]
    member _.Prepared(study: Study, folder: string) = { study with Data = Prepared folder }

    /// Patches that are drawn from each phantom.
    [<CustomOperation "patches">]
    member _.Patches(study: Study, count: int) = { study with Patches = count }

    /// Subjects that no training sees.
    [<CustomOperation "testSubjects">]
    member _.TestSubjects(study: Study, count: int) = { study with TestSubjects = count }

    /// A number of subjects to train and validate on, all their patches.
    [<CustomOperation "subjects">]
    member _.Subjects(study: Study, count: int) = {
        study with
            Sizes = study.Sizes @ [ count, None ]
    }

    /// A number of subjects to train and validate on, and how many patches of each.
    [<CustomOperation "subjectsWith">]
    member _.SubjectsWith(study: Study, count: int, patches: int) = {
        study with
            Sizes = study.Sizes @ [ count, Some patches ]
    }

    /// A network under a label.
    [<CustomOperation "network">]
    member this.Network(study: Study, label: string, network: string, hyperparameters: (string * int) list) =
        this.NetworkWith(study, label, network, hyperparameters, [])

    /// A network under a label, with training settings of its own.
    [<CustomOperation "networkWith">]
    member _.NetworkWith
        (
            study: Study,
            label: string,
            network: string,
            hyperparameters: (string * int) list,
            changes: (string * objnull) list
        ) =
        let added = {
            Label = label
            Network = network
            Hyperparameters = hyperparameters
            Changes = changes
        }

        {
            study with
                Networks = study.Networks @ [ added ]
        }

    /// Trainings of each setting.
    [<CustomOperation "seeds">]
    member _.Seeds(study: Study, count: int) = { study with Seeds = count }

    /// Where the training settings start from: TrainingSettings.Paper or Default.
    [<CustomOperation "protocol">]
    member _.Protocol(study: Study, settings: TrainingSettings) = { study with Settings = settings }

    /// One training setting by its name in settings.json.
    [<CustomOperation "setting">]
    member _.Setting(study: Study, name: string, value: obj) = {
        study with
            Settings = study.Settings.With(name, value)
    }

    /// Memory and time of training steps.
    [<CustomOperation "measure">]
    member _.Measure(study: Study, repetitions: int, steps: (string * Iqt.Reversible.BackpropagationMode) list) = {
        study with
            Measurement =
                Some {
                    Steps = steps
                    Repetitions = repetitions
                }
    }

/// The start of a study.
[<AutoOpen>]
module StudyBuilder =
    /// A study under a name.
    let study name = StudyBuilder name
