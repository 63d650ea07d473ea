/// A study as the JSON file that the processes of its units read.
module Iqt.Experiments.Studies.StudyFile

open System
open System.Text.Encodings.Web
open System.Text.Json
open System.Text.Json.Serialization
open Iqt.Diffusion
open Iqt.Diffusion.Phantom
open Iqt.Reversible
open Iqt.Training

/// A number of subjects in the file.
type SizeEntry = {
    /// Subjects for training and validation.
    Subjects: int
    /// Patches of each; all if null.
    Patches: int option
}

/// A network in the file.
type NetworkEntry = {
    /// Its name in the study.
    Label: string
    /// Its declared name.
    Network: string
    /// By declared name.
    Hyperparameters: Map<string, int>
    /// Training settings of its own.
    Settings: Map<string, JsonElement>
}

/// A measured step in the file.
type StepEntry = {
    /// The network's label.
    Label: string
    /// How gradients are computed.
    Mode: string
}

/// The file.
type StudyEntry = {
    /// The study's name.
    Name: string
    /// The report's heading.
    Title: string
    /// Simulated subjects; null where prepared ones are used.
    Phantoms: int option
    /// Of the phantoms.
    Scale: string
    /// Of the phantoms.
    PhantomSeed: uint64
    /// Folder of prepared subjects, or empty.
    Prepared: string
    /// Drawn from each phantom.
    Patches: int
    /// Subjects that no training sees.
    TestSubjects: int
    /// Numbers of subjects.
    Sizes: SizeEntry list
    /// Networks.
    Networks: NetworkEntry list
    /// Trainings of each setting.
    Seeds: int
    /// What all trainings share.
    Settings: JsonElement
    /// Measured steps.
    Measured: StepEntry list
    /// Timed steps of each.
    Repetitions: int
}

let private options =
    JsonSerializerOptions(
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
    )

let private element (settings: TrainingSettings) =
    (use document = JsonDocument.Parse(settings.Format()) in document.RootElement.Clone())

/// The study as JSON text; the same study gives the same text.
let format (study: Study) : string =
    let phantoms, scale, seed, prepared =
        match study.Data with
        | Phantoms(subjects, scale, seed) -> Some subjects, string scale, seed, ""
        | Prepared folder -> None, "", 0UL, folder

    JsonSerializer.Serialize(
        {
            Name = study.Name
            Title = study.Title
            Phantoms = phantoms
            Scale = scale
            PhantomSeed = seed
            Prepared = prepared
            Patches = study.Patches
            TestSubjects = study.TestSubjects
            Sizes = [
                for subjects, patches in study.Sizes ->
                    {
                        Subjects = subjects
                        Patches = patches
                    }
            ]
            Networks = [
                for network in study.Networks ->
                    {
                        Label = network.Label
                        Network = network.Network
                        Hyperparameters = Map network.Hyperparameters
                        // As the settings write it: a text for an enum, a number for a number.
                        Settings =
                            Map [
                                for name, value in network.Changes ->
                                    name, (element (study.Settings.With(name, value))).GetProperty name
                            ]
                    }
            ]
            Seeds = study.Seeds
            Settings = element study.Settings
            Measured = [
                for label, mode in study.Measurement |> Option.map _.Steps |> Option.defaultValue [] ->
                    { Label = label; Mode = string mode }
            ]
            Repetitions = study.Measurement |> Option.map _.Repetitions |> Option.defaultValue 0
        },
        options
    )
    + "\n"

/// Reads what <see cref="format"/> wrote; the name is for messages. Throws DataException.
let parse (json: string) (name: string) : Study =
    try
        let entry = JsonSerializer.Deserialize<StudyEntry>(json, options) |> nonNull

        {
            Name = entry.Name
            Title = entry.Title
            Data =
                match entry.Phantoms with
                | Some subjects -> Phantoms(subjects, Enum.Parse<PhantomScale> entry.Scale, entry.PhantomSeed)
                | None -> Prepared entry.Prepared
            Patches = entry.Patches
            TestSubjects = entry.TestSubjects
            Sizes = [ for size in entry.Sizes -> size.Subjects, size.Patches ]
            Networks = [
                for network in entry.Networks ->
                    {
                        Label = network.Label
                        Network = network.Network
                        Hyperparameters = Map.toList network.Hyperparameters
                        Changes = [ for name, value in Map.toList network.Settings -> name, box value ]
                    }
            ]
            Seeds = entry.Seeds
            Settings = TrainingSettingsJson.Parse(entry.Settings.GetRawText(), name)
            Measurement =
                if entry.Measured.IsEmpty then
                    None
                else
                    Some {
                        Steps = [
                            for step in entry.Measured -> step.Label, Enum.Parse<BackpropagationMode> step.Mode
                        ]
                        Repetitions = entry.Repetitions
                    }
        }
    with
    | :? JsonException
    | :? NullReferenceException
    // Settings that are not there.
    | :? InvalidOperationException
    // A name that is none of an enum's.
    | :? ArgumentException as error ->
        raise (DataException($"{name}: {error.Message} A study that iqt experiment wrote was expected.", error))
