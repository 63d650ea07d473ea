namespace Iqt.Experiments.Studies

open System
open System.Collections.Generic
open Iqt.Diffusion
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
    member _.Network(study: Study, label: string, network: string, hyperparameters: (string * int) list) = {
        study with
            Networks =
                study.Networks
                @ [
                    {
                        Label = label
                        Network = network
                        Hyperparameters = hyperparameters
                        Changes = []
                    }
                ]
    }

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
        {
            study with
                Networks =
                    study.Networks
                    @ [
                        {
                            Label = label
                            Network = network
                            Hyperparameters = hyperparameters
                            Changes = changes
                        }
                    ]
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

/// What a study asks for.
module Study =
    let private changed (changes: (string * objnull) list) (settings: TrainingSettings) =
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

    /// Refuses a study that can't be run.
    let check (study: Study) =
        let refuse what =
            raise (DataException $"study {study.Name}: {what}")

        if study.Networks.IsEmpty then
            refuse "has no network, at least one was expected. Add network \"espcn\" \"espcn\" []."

        if study.Sizes.IsEmpty && study.Measurement.IsNone then
            refuse "says no number of subjects, at least one was expected. Add subjects 8."

        match
            study.Networks
            |> List.countBy _.Label
            |> List.tryFind (fun (_, count) -> count > 1)
        with
        | Some(label, _) -> refuse $"has two networks called {label}. Give each a label of its own."
        | None -> ()

        match
            study.Networks
            |> List.tryFind (fun network ->
                String.IsNullOrEmpty network.Label
                || network.Label
                   |> Seq.exists (fun c -> not (Char.IsAsciiLetterOrDigit c || c = '-' || c = '.')))
        with
        | Some network ->
            refuse
                $"has a network called '{network.Label}'; letters, digits, '-' and '.' were expected, as it names folders."
        | None -> ()

        for label, _ in study.Measurement |> Option.map _.Steps |> Option.defaultValue [] do
            if not (study.Networks |> List.exists (fun network -> network.Label = label)) then
                refuse $"measures steps of '{label}', the label of one of its networks was expected."

        if study.Seeds < 1 then
            refuse $"has {study.Seeds} seeds, at least 1 was expected."

        match study.Data with
        | Phantoms(subjects, _, _) ->
            for size, _ in study.Sizes do
                if size + study.TestSubjects > subjects then
                    refuse
                        $"has {subjects} phantoms, {size} to train on and {study.TestSubjects} to test on were expected. Simulate more."
        | Prepared _ -> ()

        for network in study.Networks do
            for size in study.Sizes do
                (settings study network size 0).Check()
