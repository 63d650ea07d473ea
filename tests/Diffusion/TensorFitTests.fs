module Iqt.Tests.Diffusion.TensorFitTests

open System
open System.IO
open System.Threading
open Expecto
open Iqt.Diffusion
open Iqt.Tests

/// 60 directions over the half sphere (golden spiral) after 3 b=0 volumes.
let private table =
    let directions = [|
        for i in 0..59 ->
            let z = (float i + 0.5) / 60.0
            let angle = 2.399963 * float i
            let r = sqrt (1.0 - z * z)
            GradientDirection(r * cos angle, r * sin angle, z)
    |]

    let none = GradientDirection(0.0, 0.0, 0.0)

    GradientTable(
        Array.append [| 0.0; 5.0; 0.0 |] (Array.create 60 1000.0),
        Array.append (Array.create 3 none) directions
    )

let private grid (voxels: int) =
    Grid(GridSize(voxels, 1, 1), Affine.Scaling(1, 1, 1))

let private everywhere grid =
    Mask(grid, Array.create grid.Size.Voxels true)

/// A random positive definite tensor in mm²/s, FSL order.
let private randomTensor (random: Random) =
    let a = Array2D.init 3 3 (fun _ _ -> (random.NextDouble() - 0.5) * 0.05)

    let entry i j =
        Seq.sum (seq { for k in 0..2 -> a[i, k] * a[j, k] })
        + if i = j then 3e-4 else 0.0

    [| entry 0 0; entry 0 1; entry 0 2; entry 1 1; entry 1 2; entry 2 2 |]

let private signal (tensor: float[]) s0 =
    Array.init table.Count (fun m ->
        s0
        * exp (Array.fold2 (fun sum a b -> sum + a * b) 0.0 (Array.tail (PlainTensorFit.row table m)) tensor))

let private series (signals: float[][]) =
    DwiSeries(grid signals.Length, Array.init table.Count (fun m -> signals |> Array.map (fun s -> float32 s[m])))

let private element (result: FitResult) e voxel =
    float (result.Tensors.Element(e)[voxel])

let private largestDifference (table: GradientTable) (source: DwiSource) (mask: Mask) reweightings (voxels: int[]) =
    let result =
        TensorFit.Fit(source, table, mask, FitOptions(Reweightings = reweightings, Shell = null))

    let signals = voxels |> Array.map (fun _ -> Array.zeroCreate<float> table.Count)

    source.Visit(
        Action<int, float32[]>(fun m values -> voxels |> Array.iteri (fun i v -> signals[i][m] <- float values[v]))
    )

    Seq.max (
        seq {
            for i in 0 .. voxels.Length - 1 do
                // A signal at the floor is another rule, tested apart.
                if Array.min signals[i] > 1e-3 * Array.max signals[i] then
                    let beta = PlainTensorFit.fit table reweightings signals[i]

                    for e in 0..5 do
                        abs (element result e voxels[i] - beta[e + 1])
        }
    )

[<Tests>]
let tests =
    testList "diffusion/tensor fit" [
        test "noise-free signals give their tensors back" {
            let random = Random 1
            let tensors = Array.init 37 (fun _ -> randomTensor random)
            let source = series (tensors |> Array.map (fun d -> signal d 1000.0))

            for reweightings in 0..2 do
                let result =
                    TensorFit.Fit(source, table, everywhere source.Grid, FitOptions(Reweightings = reweightings))

                for voxel in 0..36 do
                    Expect.floatClose { absolute = 0.01; relative = 0.0 } (float result.S0.Values[voxel]) 1000.0 "S0"

                    for e in 0..5 do
                        // Signals are float32: 6e-8 of them over b = 1000.
                        Expect.isLessThan (abs (element result e voxel - tensors[voxel][e])) 1e-9 "tensor"

                Expect.equal (result.NonPositiveDefinite, result.ClampedSignals) (0, 0L) "nothing odd"
        }

        test "noisy signals: OLS and weighted fits equal plain float64 normal equations" {
            let random = Random 2

            let noisy d =
                signal d 1000.0
                |> Array.map (fun s -> abs (s + 60.0 * (random.NextDouble() + random.NextDouble() - 1.0)) + 1.0)

            let source = series (Array.init 50 (fun _ -> noisy (randomTensor random)))

            for reweightings in 0..3 do
                let difference =
                    largestDifference table source (everywhere source.Grid) reweightings [| 0..49 |]

                Expect.isLessThan difference 1e-9 $"mm²/s after {reweightings} reweightings"
        }

        test "the real head equals plain float64 normal equations" {
            let path = TestData.path "achieva/dwi.nii.gz"
            let dwi = DwiFile path
            let gradients = GradientFiles.Beside(path).Read()
            let mask = BrainMask.Compute(dwi, gradients)

            let inside = [|
                for i in 0 .. mask.Values.Length - 1 do
                    if mask.Values[i] then
                        i
            |]

            let voxels =
                inside
                |> Array.indexed
                |> Array.filter (fun (i, _) -> i % 97 = 0)
                |> Array.map snd

            for reweightings in 0..2 do
                let difference = largestDifference gradients dwi mask reweightings voxels
                Expect.isLessThan difference 1e-9 $"mm²/s after {reweightings} reweightings in {voxels.Length} voxels"
        }

        test "several passes within little memory give the same" {
            let random = Random 3

            // The last pass is shorter, and no multiple of four voxels: what the first left beside it is nobody's.
            let withDropout _ =
                let values = signal (randomTensor random) 500.0
                values[3] <- 0.0
                values

            let source = series (Array.init 9003 withDropout)
            let mask = Mask(source.Grid, Array.init 9003 (fun i -> i % 3 <> 0))
            let whole = TensorFit.Fit(source, table, mask)
            let parts = TensorFit.Fit(source, table, mask, FitOptions(SignalMemory = 1L))
            Expect.equal parts.Tensors.Values whole.Tensors.Values "tensors"
            Expect.equal parts.ClampedSignals whole.ClampedSignals "signals raised to the floor"
            Expect.equal (whole.Tensors.Element(0)[3]) 0f "outside the mask"
        }

        test "zero, negative, NaN and infinite signals are raised and counted; a voxel without signal stays zero" {
            let good = signal [| 1e-3; 0.0; 0.0; 1e-3; 0.0; 1e-3 |] 1000.0
            let bad = Array.copy good
            bad[10] <- 0.0
            bad[11] <- -5.0
            bad[12] <- nan
            bad[13] <- infinity
            let source = series [| good; bad; Array.create table.Count 0.0; good; good |]
            let result = TensorFit.Fit(source, table, everywhere source.Grid)
            Expect.equal result.ClampedSignals 4L "raised"
            Expect.equal result.WithoutSignal 1 "without signal"
            let floored = bad |> Array.mapi (fun m s -> if m >= 10 && m <= 13 then 0.1 else s)
            let expected = PlainTensorFit.fit table 1 (floored |> Array.map (float32 >> float))

            for e in 0..5 do
                Expect.isLessThan (abs (element result e 1 - expected[e + 1])) 2e-9 "floor of 1e-4 of the largest"
                Expect.equal (element result e 2) 0.0 "zero"
        }

        test "tensors with a negative eigenvalue are kept and counted" {
            let negative = [| 1e-3; 0.0; 0.0; 1e-3; 0.0; -1e-4 |]

            let source =
                series [| signal negative 100.0; signal [| 1e-3; 0.0; 0.0; 1e-3; 0.0; 1e-3 |] 100.0 |]

            let result = TensorFit.Fit(source, table, everywhere source.Grid)
            Expect.equal result.NonPositiveDefinite 1 "one"
            Expect.isLessThan (element result 5 0) -0.9e-4 "kept"
        }

        test "trace volumes are left out and counted, with and without a shell" {
            let d = randomTensor (Random 5)
            let whole = signal d 1000.0
            // A trace volume has the mean signal of its shell: fitted as an isotropic direction it would do harm.
            let trace =
                GradientTable(
                    Array.append (Seq.toArray table.BValues) [| 1000.0 |],
                    Array.append (Seq.toArray table.Directions) [| GradientDirection() |]
                )

            let grid = grid 1

            let source =
                DwiSeries(grid, [ for s in Array.append whole [| 500.0 |] -> [| float32 s |] ])

            for options in [ FitOptions(); FitOptions(Shell = null) ] do
                let result = TensorFit.Fit(source, trace, everywhere grid, options)

                Expect.equal (result.TraceVolumes, result.Volumes) (1, table.Count) "left out"

                for e in 0..5 do
                    Expect.isLessThan (abs (element result e 0 - d[e])) 1e-9 "tensor"
        }

        test "the residual map is the root mean square of what the fit leaves" {
            let random = Random 6

            let noisy =
                signal (randomTensor random) 1000.0
                |> Array.map (fun s -> s + 20.0 * random.NextDouble())

            let source = series [| noisy; noisy; signal (randomTensor random) 1000.0 |]

            let result =
                TensorFit.Fit(source, table, everywhere source.Grid, FitOptions(Residuals = true))

            let measured = noisy |> Array.map (float32 >> float)
            let beta = PlainTensorFit.fit table 1 measured

            let squares =
                Array.init table.Count (fun m ->
                    let p =
                        exp (Array.fold2 (fun sum a b -> sum + a * b) 0.0 (PlainTensorFit.row table m) beta)

                    (measured[m] - p) ** 2.0)

            let residual = nonNull result.Residual
            Expect.floatClose Accuracy.medium (float residual.Values[1]) (sqrt (Array.average squares)) "noisy"
            Expect.isLessThan residual.Values[2] 1e-3f "exact"
            Expect.isNull (TensorFit.Fit(source, table, everywhere source.Grid)).Residual "not asked for"
        }

        test "degenerate tables, empty and foreign masks, other counts are refused; cancelling ends the fit" {
            let source = series [| signal (randomTensor (Random 4)) 100.0 |]
            let mask = everywhere source.Grid

            let fault expected (gradients: GradientTable) options =
                try
                    let chosen = DwiSeries(source.Grid, Array.init gradients.Count (fun _ -> [| 1f |]))
                    TensorFit.Fit(chosen, gradients, mask, options) |> ignore
                    failtest "no exception"
                with :? GradientException as error ->
                    Expect.equal error.Fault expected error.Message

            let all = FitOptions(Shell = null)
            fault GradientFault.Degenerate (table.Select [| 0; 3; 4; 5; 6; 7 |]) all
            fault GradientFault.Degenerate (table.Select [| 0; 3; 4; 5; 6; 7; 3; 4 |]) all
            fault GradientFault.Degenerate (table.Select [| 3..62 |]) all
            let plane = [| for i in 0..19 -> GradientDirection(cos (float i), sin (float i), 0.0) |]
            fault GradientFault.Degenerate (GradientTable(Array.append [| 0.0 |] (Array.create 19 1000.0), plane)) all

            Expect.throwsT<GradientException>
                (fun () -> TensorFit.Fit(source, table.Select [| 0..9 |], mask) |> ignore)
                "counts"

            let empty = Mask(source.Grid, [| false |])
            Expect.throwsT<DataException> (fun () -> TensorFit.Fit(source, table, empty) |> ignore) "empty"
            Expect.throwsT<DataException> (fun () -> TensorFit.Fit(source, table, everywhere (grid 2)) |> ignore) "size"
            let cancelled = CancellationToken true

            Expect.throwsT<OperationCanceledException>
                (fun () -> TensorFit.Fit(source, table, mask, cancellation = cancelled) |> ignore)
                "cancelled"
        }
    ]
