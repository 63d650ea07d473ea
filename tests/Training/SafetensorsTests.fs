module Iqt.Tests.Training.SafetensorsTests

open System
open System.Collections.Generic
open System.IO
open System.Text
open Expecto
open Iqt.Diffusion
open Iqt.Training
open Iqt.Tests

let private roundTrip (file: SafetensorsFile) =
    TestData.inTemporaryFolder (fun folder ->
        let path = Path.Combine(folder, "x.safetensors")
        file.Write path
        SafetensorsFile.Read path)

/// A file with any header and any numbers.
let private read (header: string) (length: uint64) (data: byte[]) =
    TestData.inTemporaryFolder (fun folder ->
        let path = Path.Combine(folder, "x.safetensors")
        File.WriteAllBytes(path, Array.concat [ BitConverter.GetBytes length; Encoding.UTF8.GetBytes header; data ])
        SafetensorsFile.Read path |> ignore)

let private refused name (header: string) (data: byte[]) =
    testCase name (fun () ->
        Expect.throwsT<DataException> (fun () -> read header (uint64 header.Length) data) "refused with a data error")

let private entry dtype shape offsets =
    $"""{{"a":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}}}"""

[<Tests>]
let tests =
    testList "training" [
        testList "safetensors" [
            testProperty
                "what is written is read"
                (fun (values: float32 list) (names: Set<Guid>) (texts: Map<Guid, int>) ->
                    let values = Array.ofList values

                    let entries = [|
                        for name in names do
                            SafetensorsEntry.Of(string name, ReadOnlySpan values, int64 values.Length)
                            SafetensorsEntry($"{name}.count", SafetensorsType.I64, [||], BitConverter.GetBytes 7L)
                    |]

                    let metadata = Dictionary<string, string>()

                    for pair in texts do
                        metadata[string pair.Key] <- $"«{pair.Value}»"

                    let found = roundTrip (SafetensorsFile(entries, metadata))
                    Expect.equal found.Entries.Count entries.Length "entries"

                    for before, after in Seq.zip entries found.Entries do
                        Expect.equal
                            (after.Name, after.Type, after.Shape, after.Data)
                            (before.Name, before.Type, before.Shape, before.Data)
                            "entry"

                    Expect.equal
                        (Seq.sort (found.Metadata |> Seq.map (|KeyValue|)) |> List.ofSeq)
                        (Seq.sort (metadata |> Seq.map (|KeyValue|)) |> List.ofSeq)
                        "metadata")
            testProperty "random bytes are refused or read, never anything else" (fun (bytes: byte list) ->
                let bytes = Array.ofList bytes

                try
                    read (Encoding.Latin1.GetString bytes) (uint64 bytes.Length) [||]
                with :? DataException ->
                    ())
            testCase "a header longer than the file" (fun () ->
                Expect.throwsT<DataException> (fun () -> read "{}" UInt64.MaxValue [||]) "claims 2^64 bytes"
                Expect.throwsT<DataException> (fun () -> read "{}" 3UL [||]) "one byte too many")
            refused
                "sizes whose product overflows"
                (entry "F32" "[4294967296,4294967296,4294967296,4294967296]" "[0,0]")
                [||]
            refused "a negative size" (entry "F32" "[-1,-1]" "[0,4]") (Array.zeroCreate 4)
            refused "a shape that needs more bytes" (entry "F32" "[2]" "[0,4]") (Array.zeroCreate 4)
            refused "offsets beyond the file" (entry "F32" "[1]" "[4,8]") (Array.zeroCreate 4)
            refused "offsets in reverse" (entry "F32" "[0]" "[4,0]") (Array.zeroCreate 4)
            refused "bytes that no tensor has" (entry "F32" "[1]" "[0,4]") (Array.zeroCreate 5)
            refused "an unknown type" (entry "BF16" "[2]" "[0,4]") (Array.zeroCreate 4)
            refused
                "a name twice"
                """{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"""
                [||]
            refused "an entry without a shape" """{"a":{"dtype":"F32","data_offsets":[0,0]}}""" [||]
            refused "a list instead of an object" "[]" [||]
            refused
                "overlapping tensors"
                """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"""
                (Array.zeroCreate 4)
        ]
    ]
