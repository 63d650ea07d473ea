/// Real scans for tests. They are not part of the project: IQT_TEST_DATA names the folder that holds them,
/// and a test whose data is absent is skipped with a line that says so.
module Iqt.Tests.TestData

open System
open System.IO
open Expecto

/// The path of a file below the test-data folder; skips the calling test where it is absent.
let path (relative: string) =
    match Environment.GetEnvironmentVariable "IQT_TEST_DATA" with
    | null
    | "" -> skiptestf "IQT_TEST_DATA is not set: %s is not to be had" relative
    | folder ->
        let file = Path.Combine(folder, relative)

        if not (File.Exists file) then
            skiptestf "%s does not exist" file

        file

/// A folder of its own for a test, removed afterwards.
let inTemporaryFolder (action: string -> 'a) : 'a =
    let folder = Directory.CreateTempSubdirectory("iqt-test-").FullName

    try
        action folder
    finally
        Directory.Delete(folder, true)

/// Copies all files of a folder into another.
let copyFolder (from: string) (into: string) =
    for path in Directory.GetFiles(from, "*", SearchOption.AllDirectories) do
        let copy = Path.Combine(into, Path.GetRelativePath(from, path))
        Directory.CreateDirectory(nonNull (Path.GetDirectoryName copy)) |> ignore
        File.Copy(path, copy)
