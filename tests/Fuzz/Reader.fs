namespace Iqt.Tests.Fuzz

open System

/// A reader of files that come from elsewhere, and what it is fed with.
type Reader = {
    Name: string
    /// Puts what stays undamaged into a new folder.
    Furnish: string -> unit
    /// Names and contents of whole files; one of them is damaged each time.
    Originals: (string * byte[])[]
    Damage: Random -> byte[] -> byte[]
    /// Reads a folder with a damaged file.
    Read: string -> unit
    /// Bytes that reading may allocate, where the damaged file has these.
    Plausible: byte[] -> int64
}

/// How many files were read or refused, and what must not happen: another exception, a long time, much memory, a file
/// written.
type Outcome = {
    Read: int
    Refused: int
    Failures: string list
}
