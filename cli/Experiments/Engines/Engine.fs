namespace Iqt.Experiments.Engines

open System
open System.Diagnostics
open System.IO
open System.Threading
open Iqt.Experiments.Studies

/// What an engine is asked to do.
type EngineTask = {
    /// The study's folder.
    Folder: StudyFolder
    /// Processes side by side.
    Workers: int
    /// Threads of each.
    Threads: int
    /// How often a unit is begun before it counts as failed.
    Attempts: int
    /// Gets a line worth showing.
    Say: string -> unit
    /// Asked by Ctrl-C.
    Cancellation: CancellationToken
}

/// Runs the units of a study that are not done. Returns when nothing is left that can be done.
type IEngine =
    /// Runs them.
    abstract Run: task: EngineTask -> unit

/// The command as other processes are to call it.
module Worker =
    /// The iqt command that lies beside this library, as a program and its first arguments.
    let command () : string list =
        let folder = nonNull (Path.GetDirectoryName(typeof<EngineTask>.Assembly.Location))
        [ "dotnet"; Path.Combine(folder, "iqt.dll") ]

    /// The arguments of a process for one unit.
    let arguments (folder: StudyFolder) (unit: StudyUnit) =
        command ()
        @ [
            "experiment"
            "work"
            Path.GetFullPath folder.Path
            "--unit"
            StudyUnit.name unit
        ]

    /// Units that are not done, in stages.
    let pending (folder: StudyFolder) =
        StudyUnit.stages folder.Study
        |> List.map (fun (title, units) -> title, units |> List.filter (folder.IsDone >> not))
        |> List.filter (fun (_, units) -> not units.IsEmpty)
