/// What the command tells the shell.
module Iqt.Cli.ExitCode

/// All went well.
[<Literal>]
let Success = 0

/// <c>iqt check</c> ran and something did not hold.
[<Literal>]
let CheckFailed = 1

/// An unknown option, a missing argument, a setting that does not fit.
[<Literal>]
let Usage = 2

/// A file or data set that can't be used.
[<Literal>]
let Data = 3

/// A computation that did not stay finite.
[<Literal>]
let Numerical = 4

/// libtorch, the device or the memory is not to be had.
[<Literal>]
let Environment = 5

/// An error that Iqt did not foresee.
[<Literal>]
let Unexpected = 70

/// Stopped by Ctrl-C, as shells number it (128 + SIGINT).
[<Literal>]
let Cancelled = 130
