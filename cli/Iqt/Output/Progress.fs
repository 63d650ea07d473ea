namespace Iqt.Cli

open System
open System.Diagnostics
open Spectre.Console

/// A long task: how far it is, and lines worth keeping on the way.
type Progress(report: float -> unit, line: string -> unit) =
    /// Prints a line above the bar.
    member _.Line(text: string) = line text

    interface IProgress<float> with
        member _.Report fraction = report (Math.Clamp(fraction, 0.0, 1.0))

/// Shows long tasks: a bar with the time left on a terminal, an occasional line elsewhere.
module Progress =
    // Short tasks stay silent in a log; long ones show every so often that they live.
    let private firstLine = TimeSpan.FromSeconds 5.0
    let private nextLine = TimeSpan.FromSeconds 15.0

    /// For example <c>1 min 20 s</c>.
    let duration (time: TimeSpan) =
        let seconds = int (Math.Round time.TotalSeconds)

        if seconds >= 3600 then
            $"%d{seconds / 3600} h %d{seconds / 60 % 60} min"
        elif seconds >= 60 then
            $"%d{seconds / 60} min %d{seconds % 60} s"
        else
            $"%d{seconds} s"

    let private plain (streams: Streams) (title: string) (work: Progress -> 'a) =
        let clock = Stopwatch.StartNew()
        let gate = obj ()
        let mutable due = firstLine
        // Where this process began: what an earlier one did took none of its time.
        let mutable first = None

        let report fraction =
            lock gate (fun () ->
                let start, since = defaultArg first (fraction, clock.Elapsed)
                first <- Some(start, since)

                if clock.Elapsed >= due && fraction > start then
                    due <- clock.Elapsed + nextLine
                    let left = (clock.Elapsed - since) * ((1.0 - fraction) / (fraction - start))
                    streams.Say $"{title}: %.0f{100.0 * fraction} %%, {duration left} left")

        work (Progress(report, (fun text -> lock gate (fun () -> streams.Say text))))

    let private bar (streams: Streams) (title: string) (work: Progress -> 'a) =
        let settings = AnsiConsoleSettings(Out = AnsiConsoleOutput streams.Error)

        if not (String.IsNullOrEmpty(Environment.GetEnvironmentVariable "NO_COLOR")) then
            settings.ColorSystem <- ColorSystemSupport.NoColors

        let console = AnsiConsole.Create settings

        console
            .Progress()
            .AutoClear(true)
            .Columns(
                TaskDescriptionColumn(Alignment = Justify.Left),
                ProgressBarColumn(),
                PercentageColumn(),
                RemainingTimeColumn()
            )
            .Start(fun context ->
                let task = context.AddTask(Markup.Escape title, maxValue = 1.0)
                let line (text: string) = console.WriteLine text
                work (Progress((fun fraction -> task.Value <- fraction), line)))

    /// Runs a task and shows how far it is.
    let track (streams: Streams) (title: string) (work: Progress -> 'a) : 'a =
        if streams.Interactive then
            bar streams title work
        else
            plain streams title work
