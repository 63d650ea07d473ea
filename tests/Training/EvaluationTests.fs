module Iqt.Tests.Training.EvaluationTests

open Expecto
open Iqt.Diffusion
open Iqt.Training
open Iqt.Tests.Training.Fixtures

let private ramp element (x: float) (y: float) (z: float) =
    1e-3 * (1.0 + float element + 0.3 * x - 0.2 * y + 0.1 * z)

[<Tests>]
let tests =
    testList "training" [
        testList "evaluation" [
            testCase "regions equal a look at each LR patch" (fun () ->
                let low =
                    maskOf (grid 9 10 8) (fun x y z -> (x - 4) * (x - 4) + (y - 5) * (y - 5) + (z - 4) * (z - 4) < 17)

                let brain =
                    maskOf (low.Grid.Upsampled 2) (fun x y z -> low[x / 2, y / 2, z / 2] || (x + y) % 5 = 0)

                let regions = Regions.Of(brain, low, 3)

                let around = [
                    for z in -1 .. 1 do
                        for y in -1 .. 1 do
                            for x in -1 .. 1 -> x, y, z
                ]

                Expect.isGreaterThan regions.Interior.Count 0 "not empty"

                for i in 0 .. brain.Values.Length - 1 do
                    let struct (x, y, z) = brain.Grid.Size.Position i

                    let whole =
                        around
                        |> List.forall (fun (dx, dy, dz) -> low[x / 2 + dx, y / 2 + dy, z / 2 + dz])

                    if
                        regions.Interior.Values[i] <> (brain.Values[i] && whole)
                        || regions.Exterior.Values[i] <> (brain.Values[i] && not whole)
                    then
                        failtestf "voxel (%d, %d, %d)" x y z)
            testCase "RMSE in 1e-5 mm²/s; total pools the voxels" (fun () ->
                let space = grid 4 1 1

                let inner, outer =
                    maskOf space (fun x _ _ -> x = 0), maskOf space (fun x _ _ -> x = 1 || x = 2)

                let off = tensorsOf space (fun _ x _ _ -> [| 2e-5; 1e-5; 1e-5; 9.0 |][x])
                let error = Evaluation.Compare("s", off, TensorImage space, Regions(inner, outer))
                Expect.floatClose Accuracy.medium error.Interior 2.0 "interior"
                Expect.floatClose Accuracy.medium error.Exterior 1.0 "exterior"
                Expect.floatClose Accuracy.medium error.Total (sqrt 2.0) "total")
            for method in [ InterpolationMethod.Linear; InterpolationMethod.Cubic ] do
                testCase $"{method} interpolation of a ramp is exact inside: no half-voxel shift" (fun () ->
                    for rate in [ 2; 3 ] do
                        let low =
                            tensorsOf (grid 9 8 7) (fun e x y z -> ramp e (float x) (float y) (float z))

                        let high = low.Grid.Upsampled rate
                        let found = Interpolation.Upsample(low, fullMask low.Grid, fullMask high, method)
                        let place i = (float i + 0.5) / float rate - 0.5

                        for e in 0..5 do
                            for i in 0 .. high.Size.Voxels - 1 do
                                let struct (x, y, z) = high.Size.Position i
                                let inside v n = v >= 2 * rate && v < n - 2 * rate

                                if inside x high.Size.X && inside y high.Size.Y && inside z high.Size.Z then
                                    let expected = ramp e (place x) (place y) (place z)

                                    Expect.isLessThan
                                        (abs (float found.Values[e * high.Size.Voxels + i] - expected))
                                        1e-8
                                        "ramp")
            testCase "values outside the mask don't reach the brain" (fun () ->
                let space = grid 8 8 8
                let mask = maskOf space (fun x _ _ -> x < 4)
                let low = tensorsOf space (fun _ x _ _ -> if x < 4 then 1e-3 else 77.0)
                let high = space.Upsampled 2
                let brain = maskOf high (fun x _ _ -> x < 9)
                let found = Interpolation.Upsample(low, mask, brain, InterpolationMethod.Cubic)

                for i in 0 .. high.Size.Voxels - 1 do
                    let expected = if brain.Values[i] then 1e-3 else 0.0
                    Expect.isLessThan (abs (float found.Values[i] - expected)) 1e-8 "constant")
        ]
    ]
