namespace Iqt.Experiments

open System

/// Calls a function with every report, at once and on the caller's thread (System.Progress queues them).
type Reporter<'T>(report: 'T -> unit) =
    interface IProgress<'T> with
        member _.Report value = report value
