namespace Iqt.Cli

/// A measurement in a process of its own that did not come to its end. Carries that process's exit code.
type CellException(code: int, message: string) =
    inherit exn(message)

    /// As the command that measures it ends with.
    member _.Code = code
