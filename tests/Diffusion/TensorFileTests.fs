module Iqt.Tests.Diffusion.TensorFileTests

open System
open System.IO
open Expecto
open Iqt.Diffusion
open Iqt.Tests

let private grid = Grid(GridSize(2, 1, 1), Affine.Scaling(1, 1, 1))

let private image () =
    TensorImage(grid, Array.init 12 (fun i -> float32 i * 1e-4f))

[<Tests>]
let tests =
    testList "diffusion/tensor file" [
        test "round trip with a sidecar that names unit, frame and order" {
            TestData.inTemporaryFolder (fun folder ->
                let path = Path.Combine(folder, "sub-01_dti.nii.gz")
                TensorFile.Write(path, image ())
                Expect.equal (TensorFile.Read path).Values (image ()).Values "values"
                let sidecar = File.ReadAllText(Path.Combine(folder, "sub-01_dti.json"))

                for expected in [ "\"mm^2/s\""; "\"bvec\""; "\"TensorRank\": 2"; "\"Model\""; "ElementOrder" ] do
                    Expect.stringContains sidecar expected expected)
        }

        test "a sidecar's order is honoured" {
            TestData.inTemporaryFolder (fun folder ->
                let path = Path.Combine(folder, "t.nii")

                use writer =
                    NiftiWriter.Create(path, NiftiHeader(Grid = grid, SeriesSize = [| 6 |]))

                for element in Array.chunkBySize 2 (image ()).Values do
                    writer.WriteVolume(ReadOnlySpan element)

                writer.Commit()
                // MRtrix's order: the file's second volume is yy, FSL's fourth element.
                File.WriteAllText(
                    Path.Combine(folder, "t.json"),
                    """{ "ElementOrder": ["xx", "yy", "zz", "xy", "xz", "yz"] }"""
                )

                let v = Array.chunkBySize 2 (image ()).Values
                let expected = Array.concat [ v[0]; v[3]; v[4]; v[1]; v[5]; v[2] ]
                Expect.equal (TensorFile.Read path).Values expected "reordered")
        }

        test "each order holds the tensor that its convention asks for, and reads back" {
            // A quarter turn about z with voxels of 2 mm: voxel x runs along scanner y, voxel y against scanner x.
            let turned = Affine(ReadOnlySpan [| 0.0; -2; 0; 5; 2; 0; 0; 6; 0; 0; 2; 7 |])

            let tensor =
                TensorImage(Grid(GridSize(1, 1, 1), turned), [| 1f; 2f; 3f; 4f; 5f; 6f |])
            // det > 0: image axes have x flipped against the bvecs. D_image = F D F: xy and xz change sign.
            // In the scanner x' = −y, y' = x: xx' = yy, yy' = xx, zz' = zz, xy' = −xy, xz' = −yz, yz' = xz.
            let xx, yy, zz, xy, xz, yz = 4f, 1f, 6f, 2f, -5f, -3f

            let cases = [
                TensorOrder.Fsl, [| 1f; 2f; 3f; 4f; 5f; 6f |], [ 6 ]
                TensorOrder.Mrtrix, [| xx; yy; zz; xy; xz; yz |], [ 6 ]
                TensorOrder.Symmatrix, [| xx; xy; yy; xz; yz; zz |], [ 1; 6 ]
            ]

            for order, expected, series in cases do
                TestData.inTemporaryFolder (fun folder ->
                    let path = Path.Combine(folder, "t.nii.gz")
                    TensorFile.Write(path, tensor, order)

                    let stored =
                        use reader = NiftiReader.Open path
                        Expect.equal (List.ofSeq reader.Header.SeriesSize) series $"{order}: axes"

                        [|
                            for _ in 1..6 do
                                let value = Array.zeroCreate<float32> 1
                                reader.ReadVolume(value.AsSpan())
                                value[0]
                        |]

                    Expect.equal stored expected $"{order}: elements"
                    Expect.equal (TensorFile.Read path).Values tensor.Values $"{order}: with its sidecar"
                    File.Delete(Path.Combine(folder, "t.json"))
                    Expect.equal (TensorFile.Read(path, order)).Values tensor.Values $"{order}: named")
        }

        test "an image says its order should its JSON be lost, and is refused beside another one's" {
            TestData.inTemporaryFolder (fun folder ->
                let path, json = Path.Combine(folder, "t.nii"), Path.Combine(folder, "t.json")
                TensorFile.Write(path, image ())
                let ofFsl = File.ReadAllText json
                TensorFile.Write(path, image (), TensorOrder.Mrtrix)

                let refused action =
                    (Expect.throwsC (fun () -> action () |> ignore) id).Message

                // As a write that was killed between the two files leaves it.
                let ofMrtrix = File.ReadAllText json
                File.WriteAllText(json, ofFsl)
                let message = refused (fun () -> TensorFile.Read path)
                Expect.stringContains message "its elements are xx yy zz xy xz yz, xx xy xz yy yz zz was" "both orders"
                File.Delete json

                for pair in Array.zip (TensorFile.Read path).Values (image ()).Values do
                    Expect.floatClose Accuracy.high (float (fst pair)) (float (snd pair)) "by its header"

                Expect.stringContains
                    (refused (fun () -> TensorFile.Read(path, TensorOrder.Fsl)))
                    "asked for"
                    "no JSON"

                File.WriteAllText(json, ofMrtrix)
                TensorFile.Read(path, TensorOrder.Mrtrix) |> ignore
                let message = refused (fun () -> TensorFile.Read(path, TensorOrder.Fsl))

                Expect.stringContains
                    message
                    "t.json: says xx yy zz xy xz yz in frame Scanner, Fsl was asked"
                    "its JSON")
        }

        test "another unit, frame, an unknown order, other than six volumes" {
            TestData.inTemporaryFolder (fun folder ->
                let path = Path.Combine(folder, "t.nii")
                TensorFile.Write(path, image ())

                for text in
                    [
                        """{ "Units": "um^2/ms" }"""
                        """{ "OrientationEncoding": { "Reference": "mars" } }"""
                        """{ "ElementOrder": ["xx", "xx", "xz", "yy", "yz", "zz"] }"""
                        "[]"
                        "{"
                    ] do
                    File.WriteAllText(Path.Combine(folder, "t.json"), text)
                    Expect.throwsT<DataException> (fun () -> TensorFile.Read path |> ignore) text

                VolumeFile.Write(path, Volume grid)
                Expect.throwsT<NiftiException> (fun () -> TensorFile.Read path |> ignore) "one volume")
        }
    ]
