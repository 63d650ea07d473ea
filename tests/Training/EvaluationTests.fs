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
                        || regions.Covered.Values[i] <> (brain.Values[i] && low[x / 2, y / 2, z / 2])
                    then
                        failtestf "voxel (%d, %d, %d)" x y z)
            testCase "RMSE in 1e-5 mm²/s; total pools the voxels" (fun () ->
                let space = grid 4 1 1

                let inner, outer, covered =
                    maskOf space (fun x _ _ -> x = 0),
                    maskOf space (fun x _ _ -> x = 1 || x = 2),
                    maskOf space (fun x _ _ -> x = 1)

                let off = tensorsOf space (fun _ x _ _ -> [| 2e-5; 1e-5; 1e-5; 9.0 |][x])

                let error =
                    Evaluation.Compare("s", off, TensorImage space, Regions(inner, outer, covered))

                Expect.floatClose Accuracy.medium error.Interior 2.0 "interior"
                Expect.floatClose Accuracy.medium error.Exterior 1.0 "exterior"
                Expect.floatClose Accuracy.medium error.Total (sqrt 2.0) "total"
                Expect.floatClose Accuracy.medium error.Covered 1.0 "covered"
                Expect.equal (error.InteriorVoxels, error.CoveredVoxels, error.BrainVoxels) (1, 1, 3) "voxels"
                // MD is a third of the trace, here the value itself; 3e-3 over the total is the peak over the noise.
                Expect.floatClose Accuracy.medium error.MeanDiffusivity (sqrt 2.0) "MD"
                Expect.floatClose Accuracy.medium error.PeakSignalToNoise (20.0 * log10 (300.0 / sqrt 2.0)) "PSNR")
            testCase "SSIM equals its definition, window by window" (fun () ->
                let space = grid 9 8 7

                let volume seed =
                    Volume(space, Array.init space.Size.Voxels (fun i -> float32 (speckle seed 0 i 0 0)))

                let a, b = volume 1UL, volume 9UL
                let voxel = maskOf space (fun x y z -> x = 4 && y = 3 && z = 2)
                let kernel d = exp (-float(d * d) / 4.5)
                let total = Seq.sum (Seq.map kernel [ -5 .. 5 ])

                let mean (value: int -> float) =
                    Seq.sum [
                        for x in 0..8 do
                            for y in 0..7 do
                                for z in 0..6 do
                                    let i = space.Size.Index(x, y, z)

                                    let near d =
                                        if abs d > 5 then 0.0 else kernel d / total

                                    near (x - 4) * near (y - 3) * near (z - 2) * value i
                    ]

                let va i = float a.Values[i]
                let vb i = float b.Values[i]
                let ma, mb = mean va, mean vb

                let saa, sbb, sab =
                    mean (fun i -> va i * va i) - ma * ma,
                    mean (fun i -> vb i * vb i) - mb * mb,
                    mean (fun i -> va i * vb i) - ma * mb

                let c1, c2 = (0.01 * 3e-3) ** 2.0, (0.03 * 3e-3) ** 2.0

                let expected =
                    (2.0 * ma * mb + c1) * (2.0 * sab + c2)
                    / ((ma * ma + mb * mb + c1) * (saa + sbb + c2))

                Expect.floatClose Accuracy.high (StructuralSimilarity.Mean(a, b, voxel, 3e-3)) expected "index"
                Expect.floatClose Accuracy.high (StructuralSimilarity.Mean(a, a, fullMask space, 3e-3)) 1.0 "the same")
            testCase "B-spline interpolation goes through the voxels and is exact for cubic polynomials" (fun () ->
                let low =
                    tensorsOf (grid 40 5 5) (fun _ x _ _ -> 1e-8 * float ((x - 20) * (x - 20) * (x - 20)))

                let high = low.Grid.Upsampled 3

                let found =
                    Interpolation.Upsample(low, fullMask low.Grid, fullMask high, InterpolationMethod.BSpline)

                for x in 45..75 do
                    let place = (float x + 0.5) / 3.0 - 0.5 - 20.0
                    let value = float found.Values[high.Size.Index(x, 7, 7)]
                    Expect.isLessThan (abs (value - 1e-8 * place ** 3.0)) 1e-10 $"HR voxel {x}")
            testCase "a B-spline goes through every voxel, at the volume's ends too" (fun () ->
                for x, y, z in [ 1, 2, 3; 2, 3, 1; 3, 1, 2; 4, 5, 6; 9, 1, 2 ] do
                    let low = tensorsOf (grid x y z) (speckle 7UL)
                    let high = low.Grid.Upsampled 3

                    let found =
                        Interpolation.Upsample(low, fullMask low.Grid, fullMask high, InterpolationMethod.BSpline)

                    for i in 0 .. low.Values.Length - 1 do
                        let size = low.Grid.Size
                        let struct (x, y, z) = size.Position(i % size.Voxels)
                        let centre = high.Size.Index(3 * x + 1, 3 * y + 1, 3 * z + 1)
                        let value = found.Values[i / size.Voxels * high.Size.Voxels + centre]
                        Expect.isLessThan (abs (value - low.Values[i])) 1e-8f $"{size}, voxel {x} {y} {z}")
            testCase "ridge regression finds a linear rule that interpolation can't know" (fun () ->
                // HR voxels follow their LR voxel by a factor that depends on where in the block they lie.
                let make id seed =
                    let low = tensorsOf (grid 9 9 9) (speckle seed)
                    let high = low.Grid.Upsampled 2

                    let factor x y z =
                        0.5 + 0.25 * float (x % 2) + 0.2 * float (y % 2) + 0.1 * float (z % 2)

                    let truth =
                        tensorsOf high (fun e x y z -> factor x y z * speckle seed e (x / 2) (y / 2) (z / 2))

                    SubjectImages(id, low, fullMask low.Grid, truth, fullMask high, PatchIndex.Empty)

                let fitted =
                    RidgeRegression.Fit([| make "a" 1UL; make "b" 50UL; make "c" 99UL |], [| make "d" 123UL |])

                let unseen = make "e" 222UL
                let error = Evaluation.Of(fitted.Predict unseen, unseen, 3).Total
                let cubic = Evaluation.Of(InterpolationMethod.Cubic, unseen, 3).Total
                Expect.isLessThan error (0.1 * cubic) "a tenth of cubic's error"
                Expect.equal fitted.Penalty 1e-5 "without noise the smallest penalty is best")
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
