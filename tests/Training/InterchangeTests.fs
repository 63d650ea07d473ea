module Iqt.Tests.Training.InterchangeTests

open System
open System.Collections.Generic
open System.IO
open Expecto
open Iqt.Diffusion
open Iqt.Training
open Iqt.Tests
open Iqt.Tests.Training.Fixtures

let private capture (hyperparameters: (string * int) list) =
    use network =
        create (if hyperparameters.IsEmpty then "espcn" else "espcn-rn") hyperparameters 4UL

    Checkpoint.Capture(network, PatchGeometry.Of(network, 11), identityNormalization, 7, 0.5)

[<Tests>]
let tests =
    testList "training/interchange" [
        test "names of the authors' models.py" {
            // Read off their class ESPCN_RN: rn0 to rn2 with F and G per layer, conv0 to conv2 as sequences.
            for ours, theirs in
                [
                    "stack1.0.f.reduce.norm.running_mean", "rn0.F0.0.running_mean"
                    "stack1.0.f.reduce.conv.weight", "rn0.F0.2.weight"
                    "stack2.3.g.spatial.norm.num_batches_tracked", "rn1.G3.3.num_batches_tracked"
                    "stack2.3.g.spatial.conv.bias", "rn1.G3.5.bias"
                    "stack3.12.f.expand.norm.bias", "rn2.F12.6.bias"
                    "stack3.12.f.expand.conv.weight", "rn2.F12.8.weight"
                    "layer1.conv.weight", "conv0.0.weight"
                    "layer3.conv.bias", "conv2.0.bias"
                ] do
                Expect.equal (AuthorsNames.ToAuthors ours) theirs ours
                Expect.equal (AuthorsNames.FromAuthors theirs) ours theirs

            for name in [ "layer4.conv.weight"; "stack1.0.h.reduce.conv.weight"; "encoder.weight" ] do
                Expect.isNull (AuthorsNames.ToAuthors name) name

            for name in
                [
                    "rn3.F0.0.weight"
                    "rn0.F0.1.weight"
                    "conv0.1.weight"
                    "module.conv0.0.weight"
                ] do
                Expect.isNull (AuthorsNames.FromAuthors name) name
        }

        for hyperparameters in [ []; [ "Blocks", 2 ] ] do
            test $"there and back, every tensor and the normalisation: %A{hyperparameters}" {
                TestData.inTemporaryFolder (fun folder ->
                    let path = Path.Combine(folder, "authors.safetensors")
                    let before = capture hyperparameters
                    AuthorsFile.Write(before, path)
                    // Two names a convolution, five a normalisation; 18 of each block in each stack.
                    let tensors = SafetensorsFile.Read(path).Entries.Count
                    let blocks = hyperparameters |> List.sumBy snd
                    Expect.equal tensors (6 + 3 * blocks * 2 * (3 * 2 + 3 * 5)) "tensors of their state_dict()"
                    let after = AuthorsFile.Read(path, catalog.Value)
                    Expect.equal after.Network before.Network "network"

                    let sorted (checkpoint: Checkpoint) = [
                        for entry in checkpoint.State |> Seq.sortBy _.Name -> entry.Name, hash entry.Data
                    ]

                    Expect.equal (sorted after) (sorted before) "tensors"
                    Expect.isTrue (after.Normalization.Input.Equals before.Normalization.Input) "normalisation")
            }

        for key, value, words in
            [
                "iqt.patchSize", "2", "Patches of 2³ voxels"
                "iqt.normalization", """{"scope": "perChannel"}""", "iqt.normalization"
                "iqt.normalization",
                """{"scope": "perChannel", "inputMeans": [0], "inputDeviations": [1, 1], "targetMeans": [0], "targetDeviations": [1]}""",
                "1 and 2"
            ] do
            test $"a file whose {key} can't be used is refused by its name: {words}" {
                TestData.inTemporaryFolder (fun folder ->
                    let path = Path.Combine(folder, "authors.safetensors")
                    AuthorsFile.Write(capture [], path)
                    let file = SafetensorsFile.Read path
                    let metadata = Dictionary<string, string>(file.Metadata)
                    metadata[key] <- value
                    SafetensorsFile(file.Entries, metadata).Write path

                    Expect.throwsC (fun () -> AuthorsFile.Read(path, catalog.Value) |> ignore) (fun error ->
                        Expect.isTrue (error :? DataException) $"{error}"
                        Expect.stringStarts error.Message path "the file"
                        Expect.stringContains error.Message words "message"))
            }

        test "a file without normalisation asks for a run; other names are refused" {
            TestData.inTemporaryFolder (fun folder ->
                let path = Path.Combine(folder, "authors.safetensors")
                AuthorsFile.Write(capture [], path)
                let file = SafetensorsFile.Read path
                SafetensorsFile(file.Entries, Dictionary<string, string>()).Write path

                let refuses (words: string list) action =
                    Expect.throwsC action (fun error ->
                        Expect.isTrue (error :? DataException) $"{error}"

                        for word in words do
                            Expect.stringContains error.Message word "message")

                refuses [ path; "--like" ] (fun () -> AuthorsFile.Read(path, catalog.Value) |> ignore)
                let like = capture []
                Expect.equal (AuthorsFile.Read(path, catalog.Value, like).PatchSize) 11 "as in the other"

                let renamed = [
                    for entry in file.Entries ->
                        SafetensorsEntry("module." + entry.Name, entry.Type, entry.Shape, entry.Data)
                ]

                SafetensorsFile(renamed, Dictionary<string, string>()).Write path
                refuses [ path; "module.conv0.0" ] (fun () -> AuthorsFile.Read(path, catalog.Value, like) |> ignore)
                SafetensorsFile(Seq.toArray (Seq.skip 1 file.Entries), Dictionary<string, string>()).Write path
                refuses [ path; "holds no tensor" ] (fun () -> AuthorsFile.Read(path, catalog.Value, like) |> ignore))
        }
    ]
