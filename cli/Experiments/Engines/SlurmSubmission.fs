namespace Iqt.Experiments.Engines

open System
open System.IO
open Iqt.Diffusion
open Iqt.Experiments.Studies

/// The jobs that were submitted together, and their files in the study's <c>slurm/</c>. The files' names are new with each
/// submission: queued tasks read theirs only when they begin. The jobs' numbers are kept until the jobs have ended, so that
/// whoever runs the study again finds them.
type SlurmSubmission private (folder: string, name: string, kept: string list) =
    let mutable jobs = kept
    let numbers = Path.Combine(folder, name + ".jobs")

    static let folderOf (study: StudyFolder) =
        Path.Combine(Path.GetFullPath study.Path, "slurm")

    /// The numbers of its jobs, the last first.
    member _.Jobs = jobs

    /// Keeps a job's number.
    member _.Add(job: string) =
        jobs <- job :: jobs
        AtomicFile.WriteText(numbers, String.concat "\n" jobs + "\n")

    /// Writes a file of its own and returns the path.
    member _.Write(ending: string, lines: string list) =
        let path = Path.Combine(folder, $"{name}-{ending}")
        AtomicFile.WriteText(path, String.concat "\n" lines + "\n")
        path

    /// Forgets its jobs, which have ended.
    member _.End() = File.Delete numbers

    /// Begins one.
    static member Begin(study: StudyFolder) =
        let unique = Guid.NewGuid().ToString("N").Substring(0, 8)
        SlurmSubmission(folderOf study, DateTime.UtcNow.ToString "yyyyMMdd-HHmmss" + "-" + unique, [])

    /// Those of earlier runs of the study that are not known to have ended.
    static member Earlier(study: StudyFolder) : SlurmSubmission list =
        let folder = folderOf study

        if Directory.Exists folder then
            [
                for path in Directory.GetFiles(folder, "*.jobs") |> Array.sort ->
                    let name = nonNull (Path.GetFileNameWithoutExtension path)
                    let jobs = File.ReadAllLines path |> Array.filter (String.IsNullOrWhiteSpace >> not)
                    SlurmSubmission(folder, name, List.ofArray jobs)
            ]
        else
            []
