namespace Iqt.Experiments.Engines

open System
open System.Diagnostics
open System.IO
open System.Threading
open Iqt.Diffusion
open Iqt.Experiments.Studies

/// Jobs of a Slurm cluster: a job array for each stage, each array after the one before, and the report after all.
/// What failed or ran out of time is submitted again and goes on from its last epoch.
type SlurmEngine(options: string list, pollSeconds: float) =
    let call (program: string) (arguments: string list) =
        let info = ProcessStartInfo(program, arguments)
        info.RedirectStandardOutput <- true
        info.RedirectStandardError <- true

        let child =
            try
                nonNull (Process.Start info)
            with :? ComponentModel.Win32Exception as error ->
                raise (
                    DataException(
                        $"{program}: can't be started ({error.Message}), a machine with Slurm was expected. Use --engine local, or run where sbatch is.",
                        error
                    )
                )

        use child = child
        let errors = child.StandardError.ReadToEndAsync()
        let output = child.StandardOutput.ReadToEnd()
        child.WaitForExit()
        child.ExitCode, output.Trim(), errors.Result.Trim()

    let submit (arguments: string list) (script: string) =
        match call "sbatch" ([ "--parsable" ] @ arguments @ options @ [ script ]) with
        | 0, output, _ -> (output.Split ';')[0]
        | _, _, error ->
            raise (
                DataException
                    $"sbatch: refused {script} ({error}). Correct --slurm-options, or see the cluster's limits."
            )

    let quoted (text: string) = "'" + text.Replace("'", "'\\''") + "'"

    let write (path: string) (lines: string list) =
        AtomicFile.WriteText(path, String.concat "\n" lines + "\n")
        path

    // The task's number picks the unit's name from a file.
    let array (task: EngineTask) attempt number (units: StudyUnit list) (after: string option) =
        let at name =
            Path.Combine(Path.GetFullPath task.Folder.Path, "slurm", name)

        let names =
            write (at $"attempt{attempt}-stage{number}.units") (units |> List.map StudyUnit.name)

        let command = Worker.command () |> List.map quoted |> String.concat " "

        let script =
            write (at $"attempt{attempt}-stage{number}.sh") [
                "#!/bin/bash"
                $"export OMP_NUM_THREADS={task.Threads}"
                $"unit=$(sed -n \"$((SLURM_ARRAY_TASK_ID + 1))p\" {quoted names})"
                $"exec {command} experiment work {quoted (Path.GetFullPath task.Folder.Path)} --unit \"$unit\""
            ]

        let log = Path.Combine(Path.GetFullPath task.Folder.Logs, "slurm-%A_%a.log")

        submit
            [
                $"--array=0-{units.Length - 1}"
                $"--job-name={task.Folder.Study.Name}"
                $"--cpus-per-task={task.Threads}"
                $"--output={log}"
                "--open-mode=append"
                match after with
                | Some job -> $"--dependency=afterany:{job}"
                | None -> ()
            ]
            script

    let report (task: EngineTask) attempt (after: string) =
        let path = Path.GetFullPath task.Folder.Path
        let command = Worker.command () |> List.map quoted |> String.concat " "

        let script =
            write (Path.Combine(path, "slurm", $"attempt{attempt}-report.sh")) [
                "#!/bin/bash"
                $"exec {command} experiment report {quoted path}"
            ]

        let log = Path.Combine(Path.GetFullPath task.Folder.Logs, "slurm-report-%j.log")

        submit
            [
                $"--job-name={task.Folder.Study.Name}-report"
                $"--dependency=afterany:{after}"
                $"--output={log}"
            ]
            script

    let waitFor (task: EngineTask) (jobs: string list) =
        let list = String.concat "," jobs

        let left () =
            match call "squeue" [ "--noheader"; "--jobs"; list; "--format=%T" ] with
            | 0, "", _ -> false
            | 0, _, _ -> true
            // Jobs that Slurm has forgotten have ended; anything else (a busy controller) is asked again.
            | _, _, error -> not (error.Contains "Invalid job id")

        try
            while left () do
                task.Cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds pollSeconds) |> ignore
                task.Cancellation.ThrowIfCancellationRequested()
        with :? OperationCanceledException ->
            task.Say $"Jobs {list} stay in the queue; scancel ends them, and the same command goes on later."
            reraise ()

    interface IEngine with
        member _.Run task =
            Directory.CreateDirectory task.Folder.Logs |> ignore
            let mutable attempt = 1

            while attempt <= task.Attempts && not (Worker.pending task.Folder).IsEmpty do
                let stages = Worker.pending task.Folder

                let jobs =
                    (([]: string list), List.indexed stages)
                    ||> List.fold (fun jobs (number, (title, units)) ->
                        let job = array task attempt number units (List.tryHead jobs)
                        task.Say $"{title}: job {job}, {units.Length} tasks"
                        job :: jobs)

                let last = report task attempt jobs.Head
                waitFor task (last :: jobs)

                for title, units in Worker.pending task.Folder do
                    for unit in units do
                        // Slurm ran it behind a task that was not done: its own refusal says nothing.
                        match Readiness.missing task.Folder unit, task.Folder.State unit with
                        | (_ :: _ as missing), _ ->
                            let names = missing |> List.map StudyUnit.name |> String.concat ", "
                            task.Say $"{StudyUnit.name unit}: waits for {names}"
                        | [], Failed message -> task.Say $"{StudyUnit.name unit}: failed: {message}"
                        | [], _ ->
                            task.Say $"{StudyUnit.name unit}: not done ({title}); its log is in {task.Folder.Logs}"

                attempt <- attempt + 1
