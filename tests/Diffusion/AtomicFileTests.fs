module Iqt.Tests.Diffusion.AtomicFileTests

open System.IO
open Expecto
open Iqt.Diffusion
open Iqt.Tests

[<Tests>]
let tests =
    testList "diffusion/atomic file" [
        test "text appears under its name, in a folder made for it, and nothing else is left" {
            TestData.inTemporaryFolder (fun folder ->
                let path = Path.Combine(folder, "new", "a.json")
                AtomicFile.WriteText(path, "äb")
                AtomicFile.WriteText(path, "ä")
                Expect.equal (File.ReadAllBytes path) [| 0xC3uy; 0xA4uy |] "UTF-8 without byte order mark"
                Expect.equal (Directory.GetFileSystemEntries(Path.Combine(folder, "new"))) [| path |] "one file")
        }

        test "a failure half-way keeps the old file and removes the temporary one" {
            TestData.inTemporaryFolder (fun folder ->
                let path = Path.Combine(folder, "a.txt")
                AtomicFile.WriteText(path, "old")

                Expect.throws
                    (fun () ->
                        AtomicFile.Write(
                            path,
                            fun stream ->
                                stream.WriteByte 1uy
                                failwith "stop"
                        ))
                    "the writer's own exception"

                Expect.equal (File.ReadAllText path) "old" "the old text"
                Expect.equal (Directory.GetFileSystemEntries folder) [| path |] "one file")
        }

        test "the name is taken only by Commit" {
            TestData.inTemporaryFolder (fun folder ->
                let path = Path.Combine(folder, "a.txt")
                use file = AtomicFile.Create path
                file.Stream.WriteByte 1uy
                Expect.isFalse (File.Exists path) "before"
                file.Commit()
                Expect.isTrue (File.Exists path) "after")
        }

        test "a folder in the way is a data error" {
            TestData.inTemporaryFolder (fun folder ->
                Expect.throwsT<DataException> (fun () -> AtomicFile.WriteText(folder, "")) "a folder")
        }
    ]
