/// Mean and variance in one pass, where the few voxels that it looks at first are unlike the rest.
module Iqt.Tests.Reversible.NormalizationKernelTests

open System
open Expecto
open TorchSharp

open Iqt.Reversible.Adjoints.Kernels

let private channels = 20
let private voxels = 3000

/// What a kernel returns and what two passes over doubles give for the same numbers, by channel.
let private moments (dtype: torch.ScalarType) (values: float[]) =
    use _ = torch.NewDisposeScope()

    let x =
        torch.tensor(Array2D.init voxels channels (fun voxel channel -> values[voxel * channels + channel])).to_type
            dtype

    let struct (mean, variance) =
        if dtype = torch.float32 then
            NormalizationKernels<float32>.Moments x
        else
            NormalizationKernels<float>.Moments x

    let numbers (t: torch.Tensor) =
        t.to_type(torch.float64).data<float>().ToArray()

    let rounded = numbers x

    Array.zip (numbers mean) (numbers variance)
    |> Array.mapi (fun channel (mean, variance) ->
        let column = Array.init voxels (fun voxel -> rounded[voxel * channels + channel])

        let expected = Array.average column
        (mean, variance), (expected, column |> Array.averageBy (fun v -> (v - expected) ** 2.0)))

/// The elements that the kernel takes its first guess from.
let private sampled (dtype: torch.ScalarType) =
    use x = torch.zeros ([| int64 voxels; int64 channels |], dtype = dtype)

    let tiles =
        if dtype = torch.float32 then
            ChannelTiles.Of<float32> x
        else
            ChannelTiles.Of<float> x

    set [
        for tile in tiles.Sample() do
            let struct (first, count) = tiles.Bounds tile
            for i in 0 .. count - 1 -> int first + i
    ]

[<Tests>]
let tests =
    testList "reversible/normalisation kernels" [
        for dtype, tolerance in [ torch.float32, 1e-6; torch.float64, 1e-13 ] do
            for far in [ 0.0; 1000.0 ] do
                test $"mean and variance where the sample lies {far} away from the rest, {dtype}" {
                    let random = Random 5
                    let sampled = sampled dtype
                    Expect.isGreaterThan sampled.Count 0 "there is a sample"
                    Expect.isLessThan sampled.Count (voxels * channels / 4) "and it is a small part"

                    let values =
                        Array.init (voxels * channels) (fun i ->
                            random.NextDouble() + (if sampled.Contains i then 0.0 else far))

                    for (mean, variance), (expectedMean, expectedVariance) in moments dtype values do
                        Expect.isLessThan (abs (mean / expectedMean - 1.0)) tolerance "mean"
                        Expect.isLessThan (abs (variance / expectedVariance - 1.0)) tolerance "variance"
                }
    ]
