module Iqt.Tests.Diffusion.NiftiErrorTests

open System
open System.IO
open Expecto
open Iqt.Diffusion
open Iqt.Tests

let private message (bytes: byte[]) =
    TestData.inTemporaryFolder (fun folder ->
        let path = Path.Combine(folder, "bad.nii.gz")
        File.WriteAllBytes(path, bytes)

        try
            use reader = NiftiReader.Open path
            let values = Array.zeroCreate<float32> reader.Grid.Size.Voxels

            while reader.Position < reader.Volumes do
                reader.ReadVolume(values.AsSpan())

            failtest "no exception"
        with :? NiftiException as error ->
            Expect.stringContains error.Message path "names the file"
            error.Message)

let private refused (what: string) (bytes: byte[]) =
    Expect.stringContains (message bytes) what what

/// A good header with one field changed.
let private changed (dims: int list) offset (value: byte[]) =
    let header, put = NiftiBytes.header false dims 4 0f 0f
    put offset value
    Array.append header (Array.zeroCreate 64)

[<Tests>]
let tests =
    let good =
        NiftiBytes.file false [ 8; 8; 8; 4 ] 4 0f 0f (Array.init 2048 (fun i -> float (i * 7919 % 30000)))

    let short (value: int) = BitConverter.GetBytes(int16 value)

    testList "diffusion/nifti errors" [
        test "not a NIfTI" { refused "not a NIfTI file" (Array.create 400 65uy) }
        test "empty" { refused "ends after 0 bytes" [||] }
        test "NIfTI-2 without its magic" {
            refused "magic" (Array.append (BitConverter.GetBytes 540) (Array.zeroCreate 600))
        }
        test "NIfTI-2 transferred as text" {
            let bytes = NiftiBytes.file2 false [ 1; 1; 1 ] 2 0.0 0.0 [| 1.0 |]
            // A \r\n made \n moves all after it.
            refused "as text" (Array.append bytes[..7] (Array.append bytes[9..] [| 0uy |]))
        }
        test "a pair's header under another name" { refused ".hdr/.img" (changed [ 2; 2; 2 ] 344 "ni1"B) }
        test "no magic" { refused "magic" (changed [ 2; 2; 2 ] 344 [| 0uy |]) }
        test "no such file" {
            Expect.throwsT<NiftiException> (fun () -> (NiftiReader.Open "/nowhere/a.nii").Dispose()) "missing"
        }
        test "truncated data" { refused "truncated" good[.. good.Length - 2] }

        test "truncated gzip, wherever it is cut" {
            let compressed = NiftiBytes.gzip good

            // In the last eight bytes stand only checksum and length: the data is whole there.
            for length in
                [
                    yield! [ 2; 30; compressed.Length / 2 ]
                    for missing in 40..-1..1 -> compressed.Length - missing
                ] do
                let text = message compressed[.. length - 1]
                Expect.isTrue (text.Contains "truncated") $"cut after {length} of {compressed.Length}: {text}"
        }

        test "a whole gzip file is read to its end, in several members too, and what follows is ignored" {
            let parts =
                [ good[..999]; good[1000..] ] |> List.map NiftiBytes.gzip |> Array.concat

            for bytes in
                [
                    NiftiBytes.gzip good
                    parts
                    Array.append (NiftiBytes.gzip good) (Array.zeroCreate 512)
                ] do
                TestData.inTemporaryFolder (fun folder ->
                    let path = Path.Combine(folder, "good.nii.gz")
                    File.WriteAllBytes(path, bytes)
                    use reader = NiftiReader.Open path

                    for _ in 1..4 do
                        reader.SkipVolume())
        }

        test "damaged gzip" {
            let compressed = NiftiBytes.gzip good
            // The stored checksum of the whole.
            compressed[compressed.Length - 8] <- compressed[compressed.Length - 8] ^^^ 255uy
            refused "damaged" compressed
        }

        test "unsupported datatype" { refused "datatype 32" (changed [ 2; 2; 2 ] 70 (short 32)) }
        test "bits that don't fit the datatype" { refused "bits a sample" (changed [ 2; 2; 2 ] 72 (short 32)) }
        test "negative size" { refused "axis 2 has size -3" (changed [ 2; 2; 2 ] 44 (short -3)) }
        test "zero size" { refused "axis 1 has size 0" (changed [ 2; 2; 2 ] 42 (short 0)) }
        test "two axes" { refused "has 2 axes" (changed [ 2; 2; 2 ] 40 (short 2)) }
        test "sizes that the file can't hold" {
            refused "truncated" (changed [ 1000; 1000; 1000; 100 ] 0 (BitConverter.GetBytes 348))
        }

        test "sizes that no compression can hold" {
            refused "can't hold" (NiftiBytes.gzip (changed [ 1000; 1000; 1000; 100 ] 0 (BitConverter.GetBytes 348)))
        }

        test "more voxels than can be indexed" {
            refused "claims" (changed [ 30000; 30000; 30000 ] 0 (BitConverter.GetBytes 348))
        }
        test "data before the header's end" {
            refused "begins at byte 7" (changed [ 2; 2; 2 ] 108 (BitConverter.GetBytes 7f))
        }
        test "degenerate orientation" { refused "determinant" (changed [ 2; 2; 2 ] 254 (short 1)) }

        test "a value that doesn't fit, another ending, a type not written" {
            TestData.inTemporaryFolder (fun folder ->
                let grid = Grid(GridSize(1, 1, 1), Affine.Scaling(1, 1, 1))
                let header = NiftiHeader(Grid = grid, DataType = NiftiDataType.UInt8)

                Expect.throwsT<NiftiException>
                    (fun () ->
                        use writer = NiftiWriter.Create(Path.Combine(folder, "a.nii"), header)
                        writer.WriteVolume(ReadOnlySpan [| 256f |]))
                    "256 as uint8"

                Expect.throwsT<NiftiException>
                    (fun () -> VolumeFile.Write(Path.Combine(folder, "a.mgz"), Volume grid))
                    "ending"

                let unknown = NiftiHeader(Grid = grid, DataType = NiftiDataType.Unknown)

                Expect.throwsT<NiftiException>
                    (fun () -> NiftiWriter.Create(Path.Combine(folder, "a.nii"), unknown).Dispose())
                    "no type"

                // 2⁶³ is one more than the largest int64, though no double lies between.
                let int64s = NiftiHeader(Grid = grid, DataType = NiftiDataType.Int64)

                Expect.throwsT<NiftiException>
                    (fun () ->
                        use writer = NiftiWriter.Create(Path.Combine(folder, "a.nii"), int64s)
                        writer.WriteVolume(ReadOnlySpan [| 9223372036854775808.0 |]))
                    "2^63 as int64"

                Expect.isEmpty (Directory.GetFileSystemEntries folder) "nothing is left")
        }

        test "an empty mask, a mask of another size or place, a series as a volume" {
            TestData.inTemporaryFolder (fun folder ->
                let path = Path.Combine(folder, "mask.nii")
                let grid = Grid(GridSize(2, 1, 1), Affine.Scaling(2, 2, 2))
                MaskFile.Write(path, Mask(grid, [| false; false |]))
                Expect.throwsT<NiftiException> (fun () -> MaskFile.Read path |> ignore) "empty"
                MaskFile.Write(path, Mask(grid, [| true; false |]))
                let larger = Grid(GridSize(2, 2, 1), grid.Affine)
                Expect.throwsT<NiftiException> (fun () -> MaskFile.Read(path, larger) |> ignore) "size"

                let moved =
                    Grid(grid.Size, Affine(ReadOnlySpan [| 2.0; 0; 0; 1; 0; 2; 0; 0; 0; 0; 2; 0 |]))

                Expect.throwsC (fun () -> MaskFile.Read(path, moved) |> ignore) (fun e ->
                    Expect.stringContains e.Message "up to 1.0 mm away from the image's" "by how much")

                TensorFile.Write(path, TensorImage grid)
                Expect.throwsT<NiftiException> (fun () -> VolumeFile.Read path |> ignore) "six volumes")
        }
    ]
