module Iqt.Tests.Diffusion.TensorFileTests

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
                TensorFile.Write(path, image ())
                // MRtrix's order: the file's second volume is yy, FSL's fourth element.
                File.WriteAllText(
                    Path.Combine(folder, "t.json"),
                    """{ "ElementOrder": ["xx", "yy", "zz", "xy", "xz", "yz"] }"""
                )

                let v = Array.chunkBySize 2 (image ()).Values
                let expected = Array.concat [ v[0]; v[3]; v[4]; v[1]; v[5]; v[2] ]
                Expect.equal (TensorFile.Read path).Values expected "reordered")
        }

        test "another unit, frame, an unknown order, other than six volumes" {
            TestData.inTemporaryFolder (fun folder ->
                let path = Path.Combine(folder, "t.nii")
                TensorFile.Write(path, image ())

                for text in
                    [
                        """{ "Units": "um^2/ms" }"""
                        """{ "OrientationEncoding": { "Reference": "xyz" } }"""
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
