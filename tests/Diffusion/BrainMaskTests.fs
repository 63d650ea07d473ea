module Iqt.Tests.Diffusion.BrainMaskTests

open System
open Expecto
open Iqt.Diffusion
open Iqt.Tests

let private cube n = GridSize(n, n, n)

let private set (size: GridSize) (inside: int -> int -> int -> bool) =
    Array.init size.Voxels (fun i ->
        let struct (x, y, z) = size.Position i
        inside x y z)

let private distance (x: int) (y: int) (z: int) =
    sqrt (float ((x - 20) * (x - 20) + (y - 20) * (y - 20) + (z - 20) * (z - 20)))

[<Tests>]
let tests =
    testList "diffusion/brain mask" [
        test "Otsu parts two classes between them" {
            let random = Random 1

            let values =
                Array.init 4000 (fun i -> (if i % 4 = 0 then 100f else 10f) + 5f * random.NextSingle())

            let threshold = Otsu.Threshold(ReadOnlySpan values)
            Expect.isTrue (threshold > 15.0 && threshold < 100.0) $"{threshold}"
            Expect.isTrue (Double.IsNaN(Otsu.Threshold(ReadOnlySpan(Array.create 9 3f)))) "all alike"
        }

        test "the largest component is kept, a corner does not connect" {
            let size = GridSize(4, 2, 1)
            // Row 0: 1 1 0 1, row 1: 1 0 1 0; (2,1) touches others by corners only.
            let values = [| true; true; false; true; true; false; true; false |]
            let expected = [| true; true; false; false; true; false; false; false |]
            Expect.equal (Morphology.LargestComponent(values, size)) expected "three voxels"
        }

        test "a hole is filled, a cavity open to the border is not" {
            let size = cube 5

            let shell =
                set size (fun x y z -> x % 4 <> 0 && y % 4 <> 0 && z % 4 <> 0 && (x, y, z) <> (2, 2, 2))

            let filled = Morphology.FillHoles(shell, size)
            Expect.isTrue filled[size.Index(2, 2, 2)] "filled"
            Expect.equal (filled |> Array.filter id |> Array.length) 27 "nothing else"
            shell[size.Index(2, 2, 3)] <- false
            let opened = Morphology.FillHoles(shell, size)
            Expect.isFalse opened[size.Index(2, 2, 2)] "open"
        }

        test "opening removes what is thin and keeps what is thick" {
            let size = cube 9

            let values =
                set size (fun x y z -> (x < 5 && y < 5 && z < 5 && x > 0 && y > 0 && z > 0) || (y = 2 && z = 2))

            let opened = Morphology.Dilate(Morphology.Erode(values, size, 1), size, 1)
            Expect.isTrue opened[size.Index(2, 2, 2)] "thick"
            Expect.isFalse opened[size.Index(7, 2, 2)] "thin"
        }

        test "a ball with a bridge to a shell of scalp: the ball stays, with its dark core" {
            let size = cube 41
            let affine = Affine.Scaling(2, 2, 2)

            let bright x y z =
                let d = distance x y z

                (d < 13.0 && d > 3.0)
                || (d > 17.0 && d < 19.0)
                || (y = 20 && z = 20 && x > 20 && x < 38)

            let values = set size bright |> Array.map (fun b -> if b then 100f else 5f)
            let mask = BrainMask.Compute(Volume(Grid(size, affine), values), "b0")
            Expect.isTrue (mask[20, 20, 20]) "the core"
            Expect.isTrue (mask[20, 20, 31]) "the ball"
            Expect.isFalse (mask[20, 20, 38]) "the shell"

            let ball =
                set size (fun x y z -> distance x y z < 13.0) |> Array.filter id |> Array.length

            Expect.isLessThan (abs (float mask.Count / float ball - 1.0)) 0.1 "volume of the ball"
        }

        test "nothing to find is a data error, as is a series without b=0" {
            let grid = Grid(cube 5, Affine.Scaling(2, 2, 2))
            Expect.throwsT<DataException> (fun () -> BrainMask.Compute(Volume grid, "b0") |> ignore) "empty"
            let source = DwiSeries(grid, [| Array.zeroCreate<float32> 125 |])
            let table = GradientTable([| 1000.0 |], [| GradientDirection(1.0, 0.0, 0.0) |])
            Expect.throwsT<GradientException> (fun () -> BrainMask.Compute(source, table) |> ignore) "no b=0"
        }

        test "the real head: the volume of a brain" {
            let path = TestData.path "achieva/dwi.nii.gz"
            let mask = BrainMask.Compute(DwiFile path, GradientFiles.Beside(path).Read())
            let litres = float mask.Count * 1.75 * 1.75 * 2.5 / 1e6
            Expect.isTrue (litres > 1.2 && litres < 1.7) $"{litres} l"
        }
    ]
