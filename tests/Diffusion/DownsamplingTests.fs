module Iqt.Tests.Diffusion.DownsamplingTests

open System
open System.IO
open Expecto
open Iqt.Diffusion
open Iqt.Tests

let private affine =
    Affine(ReadOnlySpan [| -1.2; 0.3; 0.1; 40.0; 0.31; 1.19; -0.2; -30.0; 0.15; 0.17; 1.25; 7.0 |])

[<Tests>]
let tests =
    testList "diffusion/downsampling" [
        test "a grid of more voxels than an image can have is refused, not counted wrongly" {
            for factor in [ 2; 3_000_000 ] do
                Expect.throwsC
                    (fun () -> Grid(GridSize(700, 700, 700), affine).Upsampled factor |> ignore)
                    (fun error ->
                        Expect.isTrue (error :? DataException) $"{error}"
                        Expect.stringContains error.Message "700×700×700" "message")
        }

        testProperty "each voxel is the mean of its block and lies at the mean of its block's centres"
        <| fun (seed: int) ->
            let random = Random seed
            let r = 1 + random.Next 3
            let size = GridSize(r + random.Next 6, r + random.Next 6, r + random.Next 6)

            let fine =
                Volume(Grid(size, affine), Array.init size.Voxels (fun _ -> random.NextSingle()))

            let coarse = BlockMean.Volume(fine, r)
            Expect.equal coarse.Grid.Size (GridSize(size.X / r, size.Y / r, size.Z / r)) "size"

            for i in 0 .. coarse.Values.Length - 1 do
                let struct (x, y, z) = coarse.Grid.Size.Position i

                let block = [
                    for dx in 0 .. r - 1 do
                        for dy in 0 .. r - 1 do
                            for dz in 0 .. r - 1 do
                                (r * x + dx, r * y + dy, r * z + dz)
                ]

                let mean = block |> List.averageBy (fun (a, b, c) -> float fine[a, b, c])
                Expect.isLessThan (abs (float coarse.Values[i] - mean)) 1e-6 "mean"

                let centre f =
                    block
                    |> List.averageBy (fun (a, b, c) -> f (affine.Apply(float a, float b, float c)))

                let struct (px, py, pz) = coarse.Grid.Affine.Apply(float x, float y, float z)
                Expect.floatClose Accuracy.high px (centre (fun struct (v, _, _) -> v)) "x"
                Expect.floatClose Accuracy.high py (centre (fun struct (_, v, _) -> v)) "y"
                Expect.floatClose Accuracy.high pz (centre (fun struct (_, _, v) -> v)) "z"

        test "a series is downsampled volume by volume and says what it drops" {
            let size = GridSize(5, 4, 3)

            let volumes =
                Array.init 3 (fun v -> Array.init size.Voxels (fun i -> float32 (100 * v + i % 7)))

            let source = DwiSeries(Grid(size, affine), volumes)
            let coarse = DownsampledDwi(source, 2)
            Expect.equal coarse.Dropped (GridSize(1, 0, 1)) "dropped"

            TestData.inTemporaryFolder (fun folder ->
                let path = Path.Combine(folder, "lr_dwi.nii.gz")
                DwiFile.Write(path, coarse)
                let file = DwiFile path
                Expect.equal file.Volumes 3 "volumes"

                file.Visit(
                    [| 0; 2 |],
                    fun v values ->
                        let expected = BlockMean.Volume(Volume(source.Grid, volumes[v]), 2)
                        Expect.equal values expected.Values $"volume {v}"
                ))
        }

        test "an LR voxel is inside if its whole block is" {
            let grid = Grid(GridSize(4, 2, 2), affine)
            let values = Array.create 16 true
            values[grid.Size.Index(3, 1, 0)] <- false
            Expect.equal (BlockMean.Mask(Mask(grid, values), 2)).Values [| true; false |] "blocks"

            Expect.throwsT<DataException>
                (fun () -> BlockMean.Mask(Mask(grid, Array.init 16 (fun i -> i = 0)), 2) |> ignore)
                "none left"
        }

        test "an image smaller than a block is refused" {
            let source = DwiSeries(Grid(GridSize(4, 1, 4), affine), [| Array.zeroCreate 16 |])
            Expect.throwsT<DataException> (fun () -> DownsampledDwi(source, 2) |> ignore) "too thin"
        }

        test "an affine times its inverse is the identity" {
            let inverse = affine.Inverse()
            let struct (x, y, z) = affine.Apply(3.0, -4.0, 5.5)
            let struct (i, j, k) = inverse.Apply(x, y, z)
            Expect.isTrue (abs (i - 3.0) + abs (j + 4.0) + abs (k - 5.5) < 1e-12) "the voxel again"
        }
    ]
