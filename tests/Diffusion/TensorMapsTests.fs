module Iqt.Tests.Diffusion.TensorMapsTests

open System
open Expecto
open Iqt.Diffusion

let private grid = Grid(GridSize(1, 1, 1), Affine.Scaling(1, 1, 1))

let private image (d: float list) =
    TensorImage(grid, d |> List.map float32 |> Array.ofList)

let private value (volume: Volume) = float volume.Values[0]

[<Tests>]
let tests =
    testList "diffusion/maps" [
        testProperty "eigenvalues are the roots of the characteristic polynomial, descending"
        <| fun (seed: int) ->
            let random = Random seed
            let n () = random.NextDouble() * 2.0 - 1.0
            let xx, xy, xz, yy, yz, zz = n (), n (), n (), n (), n (), n ()
            let e = Eigenvalues.Of(xx, xy, xz, yy, yz, zz)
            let minors = xx * yy - xy * xy + xx * zz - xz * xz + yy * zz - yz * yz

            let determinant =
                xx * (yy * zz - yz * yz) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz)

            for root in [ e.Largest; e.Middle; e.Smallest ] do
                let p = ((root - (xx + yy + zz)) * root + minors) * root - determinant
                Expect.isLessThan (abs p) 1e-12 "a root"

            Expect.isTrue (e.Largest >= e.Middle && e.Middle >= e.Smallest) "descending"

        test "a known tensor" {
            // Eigenvalues 1.7e-3 along (1, 1, 0)/√2, 0.3e-3 across.
            let tensor = image [ 1.0e-3; 0.7e-3; 0.0; 1.0e-3; 0.0; 0.3e-3 ]
            let close = { absolute = 1e-9; relative = 0.0 }
            Expect.floatClose close (value (TensorMaps.MeanDiffusivity tensor)) (2.3e-3 / 3.0) "MD"
            Expect.floatClose close (value (TensorMaps.AxialDiffusivity tensor)) 1.7e-3 "AD"
            Expect.floatClose close (value (TensorMaps.RadialDiffusivity tensor)) 0.3e-3 "RD"
            // FA of eigenvalues (a, b, b): |a - b| / √(a² + 2b²).
            let expected = 1.4 / sqrt (1.7 * 1.7 + 2.0 * 0.3 * 0.3)

            Expect.floatClose
                { absolute = 1e-6; relative = 0.0 }
                (value (TensorMaps.FractionalAnisotropy tensor))
                expected
                "FA"
        }

        test "FA is 0 of isotropic and zero tensors, 1 at most" {
            let fa d =
                value (TensorMaps.FractionalAnisotropy(image d))

            Expect.isLessThan (fa [ 1e-3; 0.0; 0.0; 1e-3; 0.0; 1e-3 ]) 1e-6 "isotropic"
            Expect.equal (fa [ 0.0; 0.0; 0.0; 0.0; 0.0; 0.0 ]) 0.0 "zero"
            Expect.equal (fa [ 1e-3; 0.0; 0.0; -1e-3; 0.0; 0.0 ]) 1.0 "not positive definite"
        }

        testProperty "the principal direction is the eigenvector of the largest eigenvalue"
        <| fun (seed: int) ->
            let random = Random seed
            let n () = random.NextDouble() * 2.0 - 1.0
            let xx, xy, xz, yy, yz, zz = n (), n (), n (), n (), n (), n ()
            let e = PrincipalDirection.Of(xx, xy, xz, yy, yz, zz)
            let largest = (Eigenvalues.Of(xx, xy, xz, yy, yz, zz)).Largest

            let off =
                abs (xx * e.X + xy * e.Y + xz * e.Z - largest * e.X)
                + abs (xy * e.X + yy * e.Y + yz * e.Z - largest * e.Y)
                + abs (xz * e.X + yz * e.Y + zz * e.Z - largest * e.Z)

            Expect.isLessThan off 1e-6 "D e = λ e"
            Expect.floatClose Accuracy.high e.Norm 1.0 "unit"

        test "colour FA is red along the scanner's x, however the voxels are stored" {
            // Diffusion along bvec x; voxel x runs along scanner x, or along scanner y.
            let straight, turned =
                Affine.Scaling(2, 2, 2), Affine(ReadOnlySpan [| 0.0; -2; 0; 0; 2; 0; 0; 0; 0; 0; 2; 0 |])

            for affine, red, green in [ straight, 1.0, 0.0; turned, 0.0, 1.0 ] do
                let image =
                    TensorImage(Grid(GridSize(1, 1, 1), affine), [| 1.7e-3f; 0f; 0f; 3e-4f; 0f; 3e-4f |])

                let fa = value (TensorMaps.FractionalAnisotropy image)
                let colours = ColourFa.Of image
                Expect.floatClose Accuracy.medium (value colours.Red) (red * fa) "red"
                Expect.floatClose Accuracy.medium (value colours.Green) (green * fa) "green"
                Expect.floatClose Accuracy.medium (value colours.Blue) 0.0 "blue"
        }
    ]
