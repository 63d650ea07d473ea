/// How the edge of a network's output follows from its input's: told where one rate and margin hold for all edges that fit, and
/// refused with the reason where none do.
module Iqt.Tests.Generators.RelationTests

open System
open Expecto
open Iqt.Reversible

let private network inputs segments =
    let members = [
        for i, segment in List.indexed segments -> $"[{segment}] private partial Segment Segment{i} {{ get; }}"
    ]

    let source =
        $"""using Iqt.Reversible;
/// <summary>A network.</summary>
[Network("net"{inputs})]
public sealed partial class Net {{ {String.concat "\n" members} }}"""

    (Seq.exactlyOne (NetworkCatalog([ Trial.compiled source ]).Declarations)).Create()

let private single = ", InputChannels = 1"

let private refused = [
    "a rate that is not whole",
    [ "Squeeze(2)"; "Upsample(3)" ],
    "grows by 3 voxels for 2 of its input (edges 2 → 3, 4 → 6"
    "a rate below one", [ "Squeeze(2)"; "Squeeze(2)" ], "grows by 1 voxel for 4 of its input"
    "a pooling that rounds, from the first edge on",
    [ "MaxPool(2), Upsample(2)" ],
    "by no single rate, because a pooling or a stride rounds down, where [Squeeze] and [HaarDownsample] take only edges that divide (edges 2 → 2, 3 → 2, 4 → 4, 5 → 4"
    "a pooling that rounds, from the second edge on",
    [
        "Conv3d(8, Kernel = 5, Padding = 2, PaddingMode = PaddingMode.Reflect), MaxPool(2), Upsample(2)"
    ],
    "by no single rate, because a pooling or a stride rounds down, where [Squeeze] and [HaarDownsample] take only edges that divide (edges 3 → 2, 4 → 4, 5 → 4"
    "one voxel", [ "Conv3d(8), GlobalAvgPool" ], "does not grow with its input (edges 1 → 1, 2 → 1"
]

let private told = [
    "a convolution and a shuffle", single, [ "Conv3d(8, Kernel = 3), VoxelShuffle(2)" ], (2, 4), [ 3, 2; 4, 4; 9, 14 ]
    "edges that fit only in steps",
    single,
    [ "HaarDownsample"; "Conv3d(8, Kernel = 3)"; "HaarUpsample" ],
    (1, 4),
    [ 6, 2; 8, 4; 20, 16 ]
    "two inputs of one size",
    "",
    [
        "Input(1)"
        "Input(1)"
        "Concat(nameof(Segment0), nameof(Segment1)), Conv3d(2, Kernel = 3)"
    ],
    (1, 2),
    [ 3, 1; 4, 2; 9, 7 ]
]

[<Tests>]
let tests =
    testList "generators/relations" [
        for title, segments, words in refused do
            test $"refused: {title}" {
                use network = network single segments

                Expect.throwsC (fun () -> network.Relation |> ignore) (fun e ->
                    Expect.isTrue (e :? InvalidOperationException) "the documented exception"
                    Expect.stringContains e.Message words "reason"
                    Expect.stringContains e.Message "it does not map images to images" "consequence")
            }

        for title, inputs, segments, (rate, loss), edges in told do
            test $"told: {title}" {
                use network = network inputs segments
                Expect.equal (network.Relation.Rate, network.Relation.Loss) (rate, loss) "rate and loss"

                for input, output in edges do
                    Expect.isTrue (network.Relation.Fits(int64 input)) $"{input} fits"
                    Expect.equal (network.OutputSize(int64 input)) (int64 output) $"edge of an input of {input}"
            }
    ]
