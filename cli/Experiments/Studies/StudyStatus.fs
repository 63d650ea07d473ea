namespace Iqt.Experiments.Studies

open System
open Iqt.Training

/// Where a unit stands.
type UnitStatus = {
    /// The unit.
    Unit: StudyUnit
    /// What it is at.
    State: UnitState
    /// Epochs that are finished, of those it may take; None for other units than trainings.
    Epochs: (int * int) option
    /// Seconds of its finished epochs.
    Seconds: float
}

/// Where a study stands.
type StudyStatus = {
    /// Its units in order.
    Units: UnitStatus list
    /// Seconds of work on trainings that are left, of one process, by the mean epoch of the same setting or, before
    /// there is one, of all; None before the first epoch. Early stopping makes it less.
    SecondsLeft: float option
} with

    /// Looks at every unit.
    static member Of(folder: StudyFolder) =
        let epochs (label, size, seed) =
            let run = folder.Run(label, size, seed)

            if RunDirectory.Exists run then
                let opened = RunDirectory.Open run
                let metrics = opened.ReadMetrics()

                Some(metrics.Count, opened.Settings.Epochs),
                (metrics |> Seq.sumBy (fun (epoch: EpochMetrics) -> epoch.Seconds))
            else
                let network = folder.Study.Networks |> List.find (fun n -> n.Label = label)
                let settings = Study.settings folder.Study network (size, None) seed
                Some(0, settings.Epochs), 0.0

        let units = [
            for unit in StudyUnit.all folder.Study do
                let epochs, seconds =
                    match unit with
                    | Train(label, size, seed) -> epochs (label, size, seed)
                    | _ -> None, 0.0

                {
                    Unit = unit
                    State = folder.State unit
                    Epochs = epochs
                    Seconds = seconds
                }
        ]

        let setting unit =
            match unit with
            | Train(label, size, _) -> label, size
            | _ -> "", 0

        let pace (chosen: UnitStatus list) =
            let finished =
                chosen
                |> List.sumBy (fun unit -> unit.Epochs |> Option.map fst |> Option.defaultValue 0)

            if finished = 0 then
                None
            else
                Some((chosen |> List.sumBy (fun (unit: UnitStatus) -> unit.Seconds)) / float finished)

        let left (unit: UnitStatus) =
            match unit.State, unit.Epochs with
            | Done, _
            | _, None -> Some 0.0
            | _, Some(finished, all) ->
                units
                |> List.filter (fun other -> setting other.Unit = setting unit.Unit)
                |> pace
                |> Option.orElse (pace units)
                |> Option.map (fun seconds -> seconds * float (all - finished))

        let lefts = List.map left units

        {
            Units = units
            SecondsLeft =
                if List.forall Option.isSome lefts then
                    Some(List.sumBy Option.get lefts)
                else
                    None
        }
