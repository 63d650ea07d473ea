namespace Iqt.Experiments.Studies

open Iqt.Diffusion.Phantom
open Iqt.Training

/// A study that is being described.
type StudyDraft = {
    /// What is said so far; its settings are the protocol's.
    Said: Study
    /// Training settings that differ from the protocol's, wherever they stand.
    Changes: (string * objnull) list
}

/// Builds a study: <c>study "fig4" { phantoms 32 PhantomScale.Half 1UL; … }</c>.
type StudyBuilder(name: string) =
    /// A study without subjects and networks.
    member _.Yield(_: unit) : StudyDraft = {
        Said = {
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
        Changes = []
    }

    /// The study as it was described.
    member _.Run(draft: StudyDraft) : Study = {
        draft.Said with
            Settings = Study.changed draft.Changes draft.Said.Settings
    }

    /// The report's heading.
    [<CustomOperation "title">]
    member _.Title(draft: StudyDraft, text: string) = { draft with Said.Title = text }

    /// Simulated subjects.
    [<CustomOperation "phantoms">]
    member _.Phantoms(draft: StudyDraft, subjects: int, scale: PhantomScale, seed: uint64) = {
        draft with
            Said.Data = Phantoms(subjects, scale, seed)
    }

    /// Subjects that iqt prepare prepared.
    [<CustomOperation "prepared">]
    member _.Prepared(draft: StudyDraft, folder: string) = {
        draft with
            Said.Data = Prepared folder
    }

    /// Patches that are drawn from each phantom.
    [<CustomOperation "patches">]
    member _.Patches(draft: StudyDraft, count: int) = { draft with Said.Patches = count }

    /// Subjects that no training sees.
    [<CustomOperation "testSubjects">]
    member _.TestSubjects(draft: StudyDraft, count: int) = { draft with Said.TestSubjects = count }

    /// A number of subjects to train and validate on, all their patches.
    [<CustomOperation "subjects">]
    member _.Subjects(draft: StudyDraft, count: int) = {
        draft with
            Said.Sizes = draft.Said.Sizes @ [ count, None ]
    }

    /// A number of subjects to train and validate on, and how many patches of each.
    [<CustomOperation "subjectsWith">]
    member _.SubjectsWith(draft: StudyDraft, count: int, patches: int) = {
        draft with
            Said.Sizes = draft.Said.Sizes @ [ count, Some patches ]
    }

    /// A network under a label.
    [<CustomOperation "network">]
    member this.Network(draft: StudyDraft, label: string, network: string, hyperparameters: (string * int) list) =
        this.NetworkWith(draft, label, network, hyperparameters, [])

    /// A network under a label, with training settings of its own.
    [<CustomOperation "networkWith">]
    member _.NetworkWith
        (
            draft: StudyDraft,
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
            draft with
                Said.Networks = draft.Said.Networks @ [ added ]
        }

    /// Trainings of each setting.
    [<CustomOperation "seeds">]
    member _.Seeds(draft: StudyDraft, count: int) = { draft with Said.Seeds = count }

    /// Where the training settings start from: TrainingSettings.Paper or Default. Settings stay, before it or behind.
    [<CustomOperation "protocol">]
    member _.Protocol(draft: StudyDraft, settings: TrainingSettings) = { draft with Said.Settings = settings }

    /// One training setting by its name in settings.json.
    [<CustomOperation "setting">]
    member _.Setting(draft: StudyDraft, name: string, value: obj) =
        OwnSettings.refuse $"study {draft.Said.Name}" name

        {
            draft with
                Changes = draft.Changes @ [ name, value ]
        }

    /// Memory and time of training steps.
    [<CustomOperation "measure">]
    member _.Measure(draft: StudyDraft, repetitions: int, steps: (string * Iqt.Reversible.BackpropagationMode) list) = {
        draft with
            Said.Measurement =
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
