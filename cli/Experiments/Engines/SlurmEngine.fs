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

    // The task's number picks the unit's name from a file.
    let array (task: EngineTask) (submission: SlurmSubmission) number (units: StudyUnit list) =
        let names =
            submission.Write($"stage{number}.units", units |> List.map StudyUnit.name)

        let command = Worker.command () |> List.map quoted |> String.concat " "

        let script =
            submission.Write(
                $"stage{number}.sh",
                [
                    "#!/bin/bash"
                    $"export OMP_NUM_THREADS={task.Threads}"
                    $"unit=$(sed -n \"$((SLURM_ARRAY_TASK_ID + 1))p\" {quoted names})"
                    $"exec {command} experiment work {quoted (Path.GetFullPath task.Folder.Path)} --unit \"$unit\""
                ]
            )

        let log = Path.Combine(Path.GetFullPath task.Folder.Logs, "slurm-%A_%a.log")

        submit
            [
                $"--array=0-{units.Length - 1}"
                $"--job-name={task.Folder.Study.Name}"
                $"--cpus-per-task={task.Threads}"
                $"--output={log}"
                "--open-mode=append"
                match submission.Jobs with
                | before :: _ -> $"--dependency=afterany:{before}"
                | [] -> ()
            ]
            script
        |> submission.Add

    let report (task: EngineTask) (submission: SlurmSubmission) =
        let path = Path.GetFullPath task.Folder.Path
        let command = Worker.command () |> List.map quoted |> String.concat " "

        let script =
            submission.Write("report.sh", [ "#!/bin/bash"; $"exec {command} experiment report {quoted path}" ])

        let log = Path.Combine(Path.GetFullPath task.Folder.Logs, "slurm-report-%j.log")

        submit
            [
                $"--job-name={task.Folder.Study.Name}-report"
                $"--dependency=afterany:{submission.Jobs.Head}"
                $"--output={log}"
            ]
            script
        |> submission.Add

    let isQueued (jobs: string list) =
        match call "squeue" [ "--noheader"; "--jobs"; String.concat "," jobs; "--format=%T" ] with
        | 0, "", _ -> false
        | 0, _, _ -> true
        // Jobs that Slurm has forgotten have ended; anything else (a busy controller) is asked again.
        | _, _, error -> not (error.Contains "Invalid job id")

    let waitFor (task: EngineTask) (submission: SlurmSubmission) =
        let list = String.concat "," submission.Jobs

        try
            while isQueued submission.Jobs do
                task.Cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds pollSeconds) |> ignore
                task.Cancellation.ThrowIfCancellationRequested()
        with :? OperationCanceledException ->
            task.Say $"Jobs {list} stay in the queue; scancel ends them, and the same command goes on later."
            reraise ()

        submission.End()

    // Beside them, what is submitted now would find their units locked and count as failed.
    let waitForEarlier (task: EngineTask) =
        for submission in SlurmSubmission.Earlier task.Folder do
            if isQueued submission.Jobs then
                let list = String.concat "," submission.Jobs
                task.Say $"Jobs {list} of an earlier run are in the queue: waiting for them; scancel ends them."

            waitFor task submission

    interface IEngine with
        member _.Run task =
            Directory.CreateDirectory task.Folder.Logs |> ignore
            waitForEarlier task
            let mutable attempt = 1
            let mutable stages = Worker.pending task.Folder

            while attempt <= task.Attempts && not stages.IsEmpty do
                let submission = SlurmSubmission.Begin task.Folder

                for number, (title, units) in List.indexed stages do
                    array task submission number units
                    task.Say $"{title}: job {submission.Jobs.Head}, {units.Length} tasks"

                report task submission
                waitFor task submission
                stages <- Worker.pending task.Folder

                for title, units in stages do
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
