namespace Iqt.Cli.Findings

/// How much a finding matters.
type Verdict =
    /// As it should be.
    | Good
    /// Iqt works; something is slower, smaller or not to be had.
    | Note
    /// Iqt, or a part of it, does not work.
    | Problem

/// One thing that <c>iqt doctor</c> looked at.
type Finding = {
    /// What was looked at.
    Subject: string
    Verdict: Verdict
    /// What is there.
    Found: string
    /// What follows from it for somebody who uses Iqt.
    Meaning: string
    /// What to do, where something is to be done.
    Remedy: string option
} with

    static member private Of(verdict, subject, found, meaning, remedy) = {
        Subject = subject
        Verdict = verdict
        Found = found
        Meaning = meaning
        Remedy = remedy
    }

    /// Something that is as it should be.
    static member Good(subject, found, meaning) =
        Finding.Of(Good, subject, found, meaning, None)

    /// Something with which Iqt works, but not as well as it could.
    static member Note(subject, found, meaning, remedy) =
        Finding.Of(Note, subject, found, meaning, Some remedy)

    /// Something with which Iqt does not work.
    static member Problem(subject, found, meaning, remedy) =
        Finding.Of(Problem, subject, found, meaning, Some remedy)
