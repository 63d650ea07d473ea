namespace Iqt.Experiments.Studies

/// A piece of work that a process of its own does.
type StudyUnit =
    /// Simulates and prepares the subjects.
    | PrepareData
    /// Memory and time of a network's step in a mode.
    | Measure of label: string * mode: Iqt.Reversible.BackpropagationMode
    /// One training.
    | Train of label: string * size: int * seed: int
    /// The best of a setting's trainings on the test subjects.
    | Evaluate of label: string * size: int
    /// Interpolation and ridge regression on the test subjects.
    | EvaluateBaselines of size: int
    /// Slices of a test subject.
    | DrawPictures

/// The units of a study and their order.
module StudyUnit =
    /// The unit's name: that of its folder.
    let name (unit: StudyUnit) =
        match unit with
        | PrepareData -> "data"
        | Measure(label, mode) -> $"measure-{label}-{(string mode).ToLowerInvariant()}"
        | Train(label, size, seed) -> $"train-{label}-{size}-seed{seed}"
        | Evaluate(label, size) -> $"evaluate-{label}-{size}"
        | EvaluateBaselines size -> $"evaluate-baselines-{size}"
        | DrawPictures -> "pictures"

    /// The units in stages: those of a stage need those of the stages before, and may run side by side unless they
    /// measure.
    let stages (study: Study) : (string * StudyUnit list) list =
        [
            "measuring steps",
            [
                for label, mode in study.Measurement |> Option.map _.Steps |> Option.defaultValue [] do
                    Measure(label, mode)
            ]
            if not study.Sizes.IsEmpty then
                "preparing data", [ PrepareData ]

                // Largest first: the long ones must not begin last.
                "training",
                [
                    for size, _ in List.sortDescending study.Sizes do
                        for network in List.rev study.Networks do
                            for seed in 0 .. study.Seeds - 1 do
                                Train(network.Label, size, seed)
                ]

                "evaluating",
                [
                    for size, _ in study.Sizes do
                        EvaluateBaselines size

                        for network in study.Networks do
                            Evaluate(network.Label, size)

                    DrawPictures
                ]
        ]
        |> List.filter (fun (_, units) -> not units.IsEmpty)

    /// All units in order.
    let all (study: Study) = stages study |> List.collect snd

    /// The unit with a name. Throws DataException if the study has none.
    let find (study: Study) (wanted: string) =
        match all study |> List.tryFind (fun unit -> name unit = wanted) with
        | Some unit -> unit
        | None ->
            raise (
                Iqt.Diffusion.DataException
                    $"study {study.Name}: has no unit '{wanted}'. iqt experiment status lists them."
            )
