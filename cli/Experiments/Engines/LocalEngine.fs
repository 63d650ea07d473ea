namespace Iqt.Experiments.Engines

open System.Collections.Generic
open System.Diagnostics
open System.IO
open System.Threading
open Iqt.Diffusion
open Iqt.Experiments.Studies

/// Processes on this machine, each with processors of its own.
type LocalEngine() =
    let allowed = Processors.allowed ()

    // taskset (util-linux) binds a process and its threads from its first instruction on.
    let bound (threads: int) (slot: int) (command: string list) =
        match Processors.ofWorker allowed threads slot with
        | Some processors when File.Exists "/usr/bin/taskset" ->
            let list = processors |> List.map string |> String.concat ","
            [ "/usr/bin/taskset"; "-c"; list ] @ command
        | _ -> command

    let start (task: EngineTask) slot unit =
        let command = bound task.Threads slot (Worker.arguments task.Folder unit)
        let info = ProcessStartInfo(command.Head, command.Tail)
        info.RedirectStandardOutput <- true
        info.RedirectStandardError <- true
        info.Environment["OMP_NUM_THREADS"] <- string task.Threads
        Directory.CreateDirectory task.Folder.Logs |> ignore

        let log =
            File.AppendText(Path.Combine(task.Folder.Logs, StudyUnit.name unit + ".log"))

        log.AutoFlush <- true
        let child = nonNull (Process.Start info)

        let keep (arguments: DataReceivedEventArgs) =
            match arguments.Data with
            | null -> ()
            | line -> lock log (fun () -> log.WriteLine line)

        child.OutputDataReceived.Add keep
        child.ErrorDataReceived.Add keep
        child.BeginOutputReadLine()
        child.BeginErrorReadLine()
        child, log

    let stage (task: EngineTask) workers (units: StudyUnit list) =
        let waiting = Queue units
        let running = Dictionary<int, StudyUnit * Process * StreamWriter>()

        let finish slot =
            let unit, child, log = running[slot]
            child.WaitForExit()
            let code = child.ExitCode
            child.Dispose()
            lock log log.Dispose
            running.Remove slot |> ignore

            if task.Folder.IsDone unit then
                task.Say $"{StudyUnit.name unit}: done"
            else
                let reason =
                    match task.Folder.State unit with
                    | Failed message -> message
                    | _ -> $"its process ended with code {code}"

                task.Say $"{StudyUnit.name unit}: failed: {reason}"

        try
            while waiting.Count + running.Count > 0 do
                task.Cancellation.ThrowIfCancellationRequested()

                for slot in 0 .. workers - 1 do
                    if running.ContainsKey slot && (let _, child, _ = running[slot] in child.HasExited) then
                        finish slot

                    if not (running.ContainsKey slot) && waiting.Count > 0 then
                        let unit = waiting.Dequeue()
                        task.Say $"{StudyUnit.name unit}: begins"
                        let child, log = start task slot unit
                        running[slot] <- (unit, child, log)

                Thread.Sleep 100
        finally
            // Cancelled: a killed unit goes on from its last epoch next time.
            for _, child, log in running.Values do
                if not child.HasExited then
                    child.Kill true

                // Waits for what it said as well, which is still on its way into the log.
                child.WaitForExit()
                child.Dispose()
                lock log log.Dispose

    interface IEngine with
        member _.Run task =
            let mutable attempt = 1

            while attempt <= task.Attempts && not (Worker.pending task.Folder).IsEmpty do
                for title, units in StudyUnit.stages task.Folder.Study do
                    // An evaluation whose trainings failed can't be done.
                    let ready =
                        units
                        |> List.filter (fun unit ->
                            not (task.Folder.IsDone unit)
                            && List.isEmpty (Readiness.missing task.Folder unit))

                    if not ready.IsEmpty then
                        task.Say $"{title}: {ready.Length} units"
                        // What is measured is alone on the machine.
                        let measures = ready |> List.exists _.IsMeasure
                        stage task (if measures then 1 else task.Workers) ready

                attempt <- attempt + 1
