/// Nonlinear least squares over positive definite tensors, held against its own definition: nothing in reach is better.
module Iqt.Tests.Diffusion.ConstrainedFitTests

open System
open Expecto
open Iqt.Diffusion

let private table =
    let directions = [|
        for i in 0..29 ->
            let z = (float i + 0.5) / 30.0
            let angle = 2.399963 * float i
            let r = sqrt (1.0 - z * z)
            GradientDirection(r * cos angle, r * sin angle, z)
    |]

    GradientTable(Array.append [| 0.0; 0.0 |] (Array.create 30 1000.0), Array.append (Array.zeroCreate 2) directions)

let private signal (s0: float) (d: float[]) =
    Array.init table.Count (fun m ->
        let b, g = table.BValues[m], table.Directions[m]

        let q =
            d[0] * g.X * g.X
            + 2.0 * d[1] * g.X * g.Y
            + 2.0 * d[2] * g.X * g.Z
            + d[3] * g.Y * g.Y
            + 2.0 * d[4] * g.Y * g.Z
            + d[5] * g.Z * g.Z

        s0 * exp (-b * q))

let private cost (measured: float[]) s0 d =
    Array.fold2 (fun sum a b -> sum + (a - b) ** 2.0) 0.0 measured (signal s0 d)

let private fit (constrained: bool) (signals: float[][]) =
    let grid = Grid(GridSize(signals.Length, 1, 1), Affine.Scaling(1, 1, 1))

    let source =
        DwiSeries(grid, Array.init table.Count (fun m -> signals |> Array.map (fun s -> float32 s[m])))

    let mask = Mask(grid, Array.create signals.Length true)
    TensorFit.Fit(source, table, mask, FitOptions(Constrained = constrained))

let private solution (result: FitResult) voxel =
    float result.S0.Values[voxel], Array.init 6 (fun e -> float (result.Tensors.Element(e)[voxel]))

let private smallest (d: float[]) =
    Eigenvalues.Of(d[0], d[1], d[2], d[3], d[4], d[5]).Smallest

let private random = Random 11

let private tensor () =
    let a = Array2D.init 3 3 (fun _ _ -> (random.NextDouble() - 0.5) * 0.05)

    let entry i j =
        Seq.sum (seq { for k in 0..2 -> a[i, k] * a[j, k] })
        + if i = j then 2e-4 else 0.0

    [| entry 0 0; entry 0 1; entry 0 2; entry 1 1; entry 1 2; entry 2 2 |]

let private noisy (level: float) s =
    s
    |> Array.map (fun v -> float (float32 (abs (v + level * (random.NextDouble() + random.NextDouble() - 1.0)) + 1.0)))

[<Tests>]
let tests =
    testList "diffusion/constrained fit" [
        test "noise-free signals give their tensors back" {
            let tensors = Array.init 9 (fun _ -> tensor ())
            let result = fit true (tensors |> Array.map (signal 1000.0))
            Expect.equal (result.NonPositiveDefinite, result.Unsettled) (0, 0) "nothing odd"

            tensors
            |> Array.iteri (fun voxel expected ->
                let _, found = solution result voxel

                for e in 0..5 do
                    Expect.isLessThan (abs (found[e] - expected[e])) 2e-9 "tensor")
        }

        test "of noisy signals it leaves less than the weighted fit, and no step nearby leaves less still" {
            let signals = Array.init 20 (fun _ -> noisy 80.0 (signal 1000.0 (tensor ())))
            let log, constrained = fit false signals, fit true signals
            Expect.equal constrained.Unsettled 0 "settled"

            signals
            |> Array.iteri (fun voxel measured ->
                let s0, d = solution constrained voxel
                let least = cost measured s0 d
                let before = solution log voxel ||> cost measured
                Expect.isLessThanOrEqual least (before * (1.0 + 1e-6)) "less than the weighted fit"

                for _ in 1..200 do
                    let moved = d |> Array.map (fun v -> v + 2e-5 * (random.NextDouble() - 0.5))
                    let around = s0 * (1.0 + 0.01 * (random.NextDouble() - 0.5))

                    if smallest moved >= 1e-6 then
                        Expect.isGreaterThan (cost measured around moved) (least * (1.0 - 1e-6)) "a step nearby")
        }

        test "where the weighted fit is not positive definite, this one is, and is the best of those" {
            // Faster than free diffusion along x and y, none along z: noise makes it negative.
            let flat = [| 2.5e-3; 0.0; 0.0; 2.5e-3; 0.0; -2e-4 |]
            let signals = Array.init 8 (fun _ -> noisy 30.0 (signal 1000.0 flat))
            let log, constrained = fit false signals, fit true signals
            Expect.isGreaterThan log.NonPositiveDefinite 4 "of the weighted fit"
            Expect.equal (constrained.NonPositiveDefinite, constrained.Unsettled) (0, 0) "of this one"

            signals
            |> Array.iteri (fun voxel measured ->
                let s0, d = solution constrained voxel
                let least = cost measured s0 d
                Expect.isGreaterThan (smallest d) 0.9e-6 "eigenvalues of at least 1e-6 mm²/s"

                for _ in 1..500 do
                    let moved = d |> Array.map (fun v -> v + 2e-5 * (random.NextDouble() - 0.5))

                    if smallest moved >= 1e-6 then
                        Expect.isGreaterThan (cost measured s0 moved) (least * (1.0 - 1e-6)) "a step nearby")
        }

        test "a signal with a hole, or of noise alone, still gives a positive definite tensor" {
            let hole = signal 1000.0 (tensor ())
            hole[7] <- 0.0

            let result =
                fit true [|
                    hole
                    Array.init table.Count (fun _ -> random.NextDouble())
                    Array.create table.Count 5.0
                |]

            Expect.equal result.NonPositiveDefinite 0 "positive definite"

            for voxel in 0..2 do
                let s0, d = solution result voxel
                Expect.isTrue (Double.IsFinite s0 && Array.forall Double.IsFinite d) "finite"
        }
    ]
