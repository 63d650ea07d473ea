module Iqt.Tests.Diffusion.PictureTests

open System
open System.IO
open Expecto
open Iqt.Diffusion
open Iqt.Tests

/// A volume whose value says where in the scanner a voxel lies: 1 to the right and 2 to the front of the origin.
let private marked (affine: Affine) (size: GridSize) =
    let volume = Volume(Grid(size, affine))

    for i in 0 .. volume.Values.Length - 1 do
        let struct (x, y, z) = size.Position i
        let struct (right, front, _) = affine.Apply(float x, float y, float z)
        volume.Values[i] <- (if right > 0.0 then 1f else 0f) + (if front > 0.0 then 2f else 0f)

    volume

let private affine (rows: float[]) = Affine(ReadOnlySpan rows)

/// The same 4×4×4 cube about the origin stored in four ways: RAS, LAS, PSR-like with exchanged axes, and oblique.
let private storages = [
    affine [| 2.0; 0; 0; -3; 0; 2; 0; -3; 0; 0; 2; -3 |]
    affine [| -2.0; 0; 0; 3; 0; 2; 0; -3; 0; 0; 2; -3 |]
    affine [| 0.0; 0; 2; -3; -2; 0; 0; 3; 0; -2; 0; 3 |]
    affine [| -1.99; 0.2; 0; 2.7; 0.2; 1.99; 0; -3.3; 0; 0; 2; -3 |]
]

[<Tests>]
let tests =
    testList "diffusion/pictures" [
        test "voxels of any size make a picture that can be looked at" {
            for edge in [ 1e-4; 2.0; 1e6 ] do
                let grid = Grid(GridSize(6, 8, 5), Affine.Scaling(edge, edge, edge))
                let slice = AxialSlice grid
                Expect.isGreaterThanOrEqual slice.Width 1 $"voxels of {edge} mm: width"
                Expect.isLessThanOrEqual slice.Height 2048 $"voxels of {edge} mm: height"
                let values = slice.Sample(Volume(grid, Array.create grid.Size.Voxels 1f))
                Expect.hasLength values (slice.Width * slice.Height) "a value for each pixel"
                Expect.allEqual values 1f "all of them within the volume"
        }

        test "front is up and sides are as the convention says, however the voxels are stored" {
            for storage in storages do
                let volume = marked storage (GridSize(4, 4, 4))

                for convention in [ ViewConvention.Radiological; ViewConvention.Neurological ] do
                    let slice = AxialSlice(volume.Grid, 0.5, convention, 1.0)
                    let values = slice.Sample volume

                    let corner left top =
                        values[(if top then 1 else slice.Height - 2) * slice.Width
                               + (if left then 1 else slice.Width - 2)]

                    let right = convention = ViewConvention.Radiological
                    Expect.equal (slice.LeftEdge, slice.RightEdge) (if right then 'R', 'L' else 'L', 'R') "marks"
                    Expect.equal (corner right true) 3f "right and front"
                    Expect.equal (corner (not right) true) 2f "left and front"
                    Expect.equal (corner right false) 1f "right and back"
                    Expect.equal (corner (not right) false) 0f "left and back"
        }

        test "height counts upwards whatever the storage" {
            for storage in storages do
                let size = GridSize(4, 4, 4)
                let volume = Volume(Grid(size, storage))

                for i in 0..63 do
                    let struct (x, y, z) = size.Position i
                    let struct (_, _, up) = storage.Apply(float x, float y, float z)
                    volume.Values[i] <- float32 up

                let at height =
                    (AxialSlice(volume.Grid, height, ViewConvention.Radiological, 1.0).Sample volume)[36]

                Expect.isTrue (at 0.0 < -2f && at 1.0 > 2f) "lowest and highest"
        }

        test "an LR image is sampled at the places of the HR one" {
            let fine =
                Volume(Grid(GridSize(8, 8, 4), affine [| -2.0; 0; 0; 7; 0; 2; 0; -7; 0; 0; 2; -3 |]))

            for i in 0 .. fine.Values.Length - 1 do
                let struct (x, y, _) = fine.Grid.Size.Position i
                fine.Values[i] <- float32 (x / 2 + 10 * (y / 2))

            let slice = AxialSlice(fine.Grid, 0.3)
            Expect.equal (slice.Sample(BlockMean.Volume(fine, 2))) (slice.Sample fine) "blocks of equal values"
        }

        test "letters stand beside a slice, never on it, and the scale is whole however small the slice" {
            let grid = Grid(GridSize(40, 40, 4), Affine.Scaling(1.0, 1.0, 1.0))
            let slice = AxialSlice(grid, pixelsPerMm = 1.0)

            let bytes =
                SliceMontage.Render([| Panel("", Volume grid) |], slice, GreyScale(0.0, 3e-3, "mm²/s"))

            use bitmap = SkiaSharp.SKBitmap.Decode bytes

            let lit = [
                for x in 0 .. bitmap.Width - 1 do
                    for y in 0 .. bitmap.Height - 1 do
                        if bitmap.GetPixel(x, y).Red > 0uy then
                            x, y
            ]

            let scale, marks = lit |> List.partition (fun (_, y) -> y > bitmap.Height - 34)

            if marks.IsEmpty then
                skiptest "there is no font here"

            let span of' points =
                List.min (List.map of' points), List.max (List.map of' points)
            // L and R at the sides, A and P above and below: a black square as large as the slice between them.
            let left, right = span fst marks
            let top, bottom = span snd marks
            let centre = ((left + right) / 2, (top + bottom) / 2)

            let inside (x, y) =
                abs (x - fst centre) < slice.Width / 2 - 1
                && abs (y - snd centre) < slice.Height / 2 - 1

            Expect.isEmpty (List.filter inside marks) "nothing on the slice"
            Expect.isGreaterThan (right - left) slice.Width "marks at both sides"
            let _, end' = span fst scale
            Expect.isGreaterThan end' (12 + 40 + 128 + 60) "the upper label"
            Expect.isLessThan end' (bitmap.Width - 6) "is not cut off"
        }

        test "a montage is a PNG of panels side by side" {
            let volume = marked storages[0] (GridSize(4, 4, 4))
            let slice = AxialSlice(volume.Grid, 0.5, ViewConvention.Radiological, 8.0)

            TestData.inTemporaryFolder (fun folder ->
                let path = Path.Combine(folder, "a.png")

                SliceMontage.Write(
                    path,
                    [| Panel("LR", volume); Panel("HR", volume) |],
                    slice,
                    GreyScale(0.0, 3.0, "")
                )

                use bitmap = SkiaSharp.SKBitmap.Decode path
                Expect.isGreaterThan bitmap.Width (2 * slice.Width) "width"
                // Front right is white in radiological view, left back black.
                let left, top = 12 + 22, 34 + 22
                let x, y = left + slice.Width / 8, top + slice.Height / 8
                Expect.equal (bitmap.GetPixel(x, y).Red) 255uy "white"
                Expect.equal (bitmap.GetPixel(left + slice.Width * 7 / 8, top + slice.Height * 7 / 8).Red) 0uy "black")
        }
    ]
