namespace Iqt.Cli

/// What was typed can't be meant. The message names the option, what was found and what was expected.
type UsageException(message: string) =
    inherit exn(message)
