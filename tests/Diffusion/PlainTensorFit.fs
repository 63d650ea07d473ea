/// The yardstick of the tensor fit: normal equations in float64, with nothing of the code under test.
module Iqt.Tests.Diffusion.PlainTensorFit

open Iqt.Diffusion

/// The row of volume m in the design matrix.
let row (table: GradientTable) m =
    let b, g = table.BValues[m], table.Directions[m]

    [|
        1.0
        -b * g.X * g.X
        -2.0 * b * g.X * g.Y
        -2.0 * b * g.X * g.Z
        -b * g.Y * g.Y
        -2.0 * b * g.Y * g.Z
        -b * g.Z * g.Z
    |]

/// Gauss with pivots on the normal equations, in float64: slow, plain, and nothing of the code under test.
let private solve (rows: float[][]) (weights: float[]) (y: float[]) =
    // b in s/mm² makes columns of size 1000; scale them.
    let scale j = if j = 0 then 1.0 else 1e-3

    let a =
        Array.init 7 (fun i ->
            Array.init 8 (fun j ->
                Seq.sum (
                    seq {
                        for m in 0 .. rows.Length - 1 do
                            let right = if j = 7 then y[m] else rows[m][j] * scale j
                            weights[m] * rows[m][i] * scale i * right
                    }
                )))

    for k in 0..6 do
        let pivot = Seq.maxBy (fun i -> abs (a[i][k])) [ k..6 ]
        let swap = a[k]
        a[k] <- a[pivot]
        a[pivot] <- swap

        for i in 0..6 do
            if i <> k then
                let f = a[i][k] / a[k][k]

                for j in k..7 do
                    a[i][j] <- a[i][j] - f * a[k][j]

    Array.init 7 (fun i -> a[i][7] / a[i][i] * scale i)

/// ln S0 and the six elements: ordinary least squares, then as often weighted by the squared predicted signals.
let fit (table: GradientTable) reweightings (signals: float[]) =
    let rows = Array.init table.Count (row table)
    let y = Array.map log signals
    let mutable beta = solve rows (Array.create rows.Length 1.0) y

    for _ in 1..reweightings do
        let weights =
            rows
            |> Array.map (fun r -> exp (2.0 * Array.fold2 (fun sum a b -> sum + a * b) 0.0 r beta))

        beta <- solve rows weights y

    beta
