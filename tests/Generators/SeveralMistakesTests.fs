/// Of several mistakes each is reported at once, and what merely follows from one is not.
module Iqt.Tests.Generators.SeveralMistakesTests

open Expecto
open Iqt.Tests.Generators.Rules.Case

let private stem = "[Conv3d(8)] private partial Segment Stem { get; } "

let private odd name =
    $"[From(\"Input\"), Conv3d(25)] private partial Segment {name} {{ get; }} [Output, Stack<F>(1)] private partial Segment {name}Stack {{ get; }} "

let private independent = [
    "an odd stack, and a shuffle of channels that don't divide",
    network (
        odd "A"
        + "[Conv3d(50)] private partial Segment B { get; } [VoxelShuffle(2)] private partial Segment Out { get; }"
    ),
    [ "IQT009"; "IQT013" ]

    "a name that is none, a kernel of 0, an odd stack",
    (network (
        odd "A"
        + "[From(\"Input\"), Conv3d(4, Kernel = 0)] private partial Segment Out { get; }"
    ))
        .Replace("\"net\"", "\"Net\""),
    [ "IQT007"; "IQT009"; "IQT016" ]

    "an unknown segment, a shuffle before it",
    network (
        "[Conv3d(50)] private partial Segment A { get; } [VoxelShuffle(2)] private partial Segment B { get; } "
        + "[Sum(nameof(B), \"Nobody\")] private partial Segment Out { get; }"
    ),
    [ "IQT013"; "IQT018" ]

    "an output that nobody reads, a kernel of 0",
    network (
        stem
        + "[From(\"Input\"), Conv3d(4, Kernel = 0)] private partial Segment Out { get; }"
    ),
    [ "IQT007"; "IQT022" ]

    "sizes that never match, and a stride of 0 elsewhere",
    network (
        stem
        + "[Conv3d(8, Kernel = 3)] private partial Segment Neck { get; } [Output, Concat(nameof(Stem), nameof(Neck))] private partial Segment Head { get; } "
        + "[From(nameof(Stem)), Conv3d(8, Stride = 0)] private partial Segment Out { get; }"
    ),
    [ "IQT007"; "IQT021" ]

    "sizes that never match, and channels that don't divide",
    network (
        "[Conv3d(50)] private partial Segment Stem { get; } [VoxelShuffle(2)] private partial Segment Wide { get; } "
        + "[Conv3d(8, Kernel = 3)] private partial Segment Neck { get; } [Concat(nameof(Wide), nameof(Neck))] private partial Segment Head { get; } "
    ),
    [ "IQT013"; "IQT021" ]

    "a residual function: a kernel of 0, another that shrinks, channels that change",
    residualFunction
        "[Conv3d(Kernel = 0)] private partial Layers A { get; } [Conv3d(Kernel = 3)] private partial Layers B { get; } [Conv3d(8)] private partial Layers C { get; }",
    [ "IQT007"; "IQT011"; "IQT012" ]

    "a hyperparameter's default, and an odd stack",
    network (
        odd "A"
        + "[Hyperparameter(0)] public partial int Edge { get; } [From(\"Input\"), Conv3d(8, Kernel = nameof(Edge))] private partial Segment Out { get; }"
    ),
    [ "IQT007"; "IQT009" ]

    "two odd stacks that have nothing to do with each other", network (odd "A" + odd "B"), [ "IQT009"; "IQT009" ]
]

let private consequences = [
    "what a shuffle would make of channels that don't divide",
    network
        "[Conv3d(47)] private partial Segment A { get; } [VoxelShuffle(2), GroupNorm(2)] private partial Segment B { get; } [Stack<F>(1)] private partial Segment Out { get; }",
    "IQT013"

    "a second stack on the same odd channels",
    network (
        "[Conv3d(25)] private partial Segment A { get; } [Stack<F>(1)] private partial Segment B { get; } [Stack<F>(1)] private partial Segment Out { get; }"
    ),
    "IQT009"

    "the segment that a misspelt name meant",
    network (stem + "[From(\"Stm\"), Conv3d(4)] private partial Segment Out { get; }"),
    "IQT018"

    "what a convolution without channels would give",
    network
        "[Conv3d(25)] private partial Segment A { get; } [Conv3d(Kernel = 3)] private partial Segment B { get; } [Stack<F>(1)] private partial Segment Out { get; }",
    "IQT014"

    "a stack on a sum of unequal channels",
    network (
        "[Conv3d(25)] private partial Segment A { get; } [Conv3d(4)] private partial Segment B { get; } "
        + "[Sum(nameof(A), nameof(B)), Stack<F>(1)] private partial Segment Out { get; }"
    ),
    "IQT020"

    "layers behind too many channels",
    network "[Conv3d(1000000), Squeeze(2), Relu] private partial Segment Out { get; }",
    "IQT007"

    "channels that an unknown hyperparameter gives",
    network
        "[Conv3d(\"Width\")] private partial Segment A { get; } [Stack<F>(1)] private partial Segment B { get; } [VoxelShuffle(2)] private partial Segment Out { get; }",
    "IQT008"

    "segments without any input",
    "[Network(\"net\")] public sealed partial class Net { [Conv3d(8)] private partial Segment A { get; } [Conv3d(8)] private partial Segment Out { get; } }",
    "IQT007"

    "channels in a network of four dimensions",
    (network "[Conv3d(20)] private partial Segment A { get; } [VoxelShuffle(2)] private partial Segment Out { get; }")
        .Replace("InputChannels = 6", "InputChannels = 6, Dimensions = 4"),
    "IQT007"
]

let private found source =
    Compiler.build source |> fst |> List.map _.Id |> List.sort

[<Tests>]
let tests =
    testList "generators/several mistakes" [
        for title, source, rules in independent do
            test $"reported together: {title}" { Expect.equal (found source) rules "rules" }

        for title, source, rule in consequences do
            test $"not reported: {title}" { Expect.equal (found source) [ rule ] "rules" }
    ]
