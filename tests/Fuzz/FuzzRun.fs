/// Feeds a reader with damaged files and watches what it does with them.
module Iqt.Tests.Fuzz.FuzzRun

open System
open System.Diagnostics
open System.IO
open Iqt.Cli
open Iqt.Tests

let private refusals = Set [ ExitCode.Usage; ExitCode.Data; ExitCode.Numerical ]

let private patience = TimeSpan.FromSeconds 5.0

// Every file and folder, with the length of what is no folder.
let private inventory (folder: string) =
    Set [
        for entry in DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories) do
            match entry with
            | :? FileInfo as file -> file.FullName, file.Length
            | other -> other.FullName, -1L
    ]

/// Reads <c>count</c> damaged files; the same seed makes the same files.
let run (seed: int) (count: int) (reader: Reader) : Outcome =
    TestData.inTemporaryFolder (fun outer ->
        // Deep enough that what climbs out of its folder lands where it is seen.
        let folder =
            Directory.CreateDirectory(Path.Combine(outer, "a", "b", "c", "in")).FullName

        reader.Furnish folder

        for name, whole in reader.Originals do
            File.WriteAllBytes(Path.Combine(folder, name), whole)

        let random = Random seed
        let mutable read, refused = 0, 0
        let failures = ResizeArray<string>()
        let clock = Stopwatch()

        for number in 1..count do
            let name, whole = reader.Originals[random.Next reader.Originals.Length]
            let damaged = reader.Damage random whole
            let path = Path.Combine(folder, name)
            File.WriteAllBytes(path, damaged)

            let fail what =
                failures.Add $"{reader.Name}, seed {seed}, file {number} ({name}): {what}"

            let before = inventory outer
            let allocated = GC.GetAllocatedBytesForCurrentThread()
            clock.Restart()

            try
                reader.Read folder
                read <- read + 1
            with error ->
                let code, message = Failures.describe error

                if not (refusals.Contains code) then fail message
                elif message.Trim() = "" then fail "refused without a word"
                else refused <- refused + 1

            let allocated = GC.GetAllocatedBytesForCurrentThread() - allocated

            if allocated > reader.Plausible damaged then
                fail $"{allocated} bytes allocated for a file of {damaged.Length}"

            if clock.Elapsed > patience then
                fail $"took {clock.Elapsed}"

            let after = inventory outer

            if after <> before then
                fail $"wrote {Set.toList (after - before)}"

            File.WriteAllBytes(path, whole)

        {
            Read = read
            Refused = refused
            Failures = List.ofSeq failures
        })
