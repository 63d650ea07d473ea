/// Rules for how segments hang together, for modules and for elongated networks: IQT018 to IQT028.
module Iqt.Tests.Generators.Rules.GraphCases

open Iqt.Tests.Generators.Rules.Case

let private stem = "[Conv3d(8)] private partial Segment Stem { get; } "

let cases = [
    case
        "IQT018"
        "unknown segment"
        (network (stem + "[‹From(\"Nobody\")›, Relu] private partial Segment Head { get; }"))
        "there is no such segment; above it are Input, Stem"
    case
        "IQT018"
        "segment below"
        (network (
            stem
            + "[‹From(nameof(Head))›, Relu] private partial Segment Neck { get; } [Relu] private partial Segment Head { get; }"
        ))
        "it stands below, and reading it would be a cycle; move it above"
    case
        "IQT018"
        "itself"
        (network (
            stem
            + "[‹Sum(nameof(Stem), nameof(Head))›] private partial Segment Head { get; }"
        ))
        "a segment can't read itself"
    case
        "IQT018"
        "null"
        (network (stem + "[‹From(null!)›, Relu] private partial Segment Head { get; }"))
        "Head can't read ''"
    case
        "IQT018"
        "no input above"
        "[Network(\"net\")] public sealed partial class Net { [Conv3d(8)] private partial Segment ‹Stem› { get; } [Input(8)] private partial Segment Image { get; } [Sum(nameof(Stem), nameof(Image))] private partial Segment Head { get; } }"
        "no input stands above it"

    case
        "IQT019"
        "join of one"
        (network (stem + "[‹Concat(nameof(Stem))›] private partial Segment Head { get; }"))
        "[Concat] of Head names 1"
    case
        "IQT019"
        "join of none"
        (network (stem + "[‹Sum›] private partial Segment Head { get; }"))
        "[Sum] of Head names 0"
    case
        "IQT019"
        "join of twins"
        (network (
            stem
            + "[‹Sum(nameof(Stem), nameof(Stem))›] private partial Segment Head { get; }"
        ))
        "[Sum] of Head names Stem more than once"

    case
        "IQT020"
        "sum of unequal channels"
        (network (
            stem
            + "[Conv3d(4)] private partial Segment Neck { get; } [‹Sum(nameof(Stem), nameof(Neck))›] private partial Segment Head { get; }"
        ))
        "Head adds Stem (8 channels) and Neck (4 channels)"

    case
        "IQT021"
        "sizes that never match"
        (network (
            stem
            + "[Conv3d(8, Kernel = 3)] private partial Segment Neck { get; } [‹Concat(nameof(Stem), nameof(Neck))›] private partial Segment Head { get; }"
        ))
        "Head joins Stem and Neck, whose sizes differ for every input"

    case
        "IQT022"
        "segment never read"
        (network (stem + "[From(\"Input\"), Conv3d(4)] private partial Segment Head { get; }")
         |> fun s -> s.Replace("Segment Stem", "Segment ‹Stem›"))
        "Nothing reads the output of Stem"
    case
        "IQT022"
        "input never read"
        (network (
            "[Input(3)] private partial Segment ‹Image› { get; } [From(\"Input\"), Conv3d(4)] private partial Segment Head { get; }"
        ))
        "Nothing reads the output of Image"
    case
        "IQT022"
        "the network's own input never read"
        "[Network(\"net\", ‹InputChannels = 6›)] public sealed partial class Net { [Input(3)] private partial Segment Image { get; } [Conv3d(4)] private partial Segment Head { get; } }"
        "Nothing reads the output of Input"

    case
        "IQT023"
        "2D layer in a 3D network"
        (network "[‹Conv2d(8)›] private partial Segment Head { get; }")
        "[Conv2d] on Head is for 2D, but the network is 3D: write [Conv3d(…)]"
    case
        "IQT023"
        "3D layer in a 2D network"
        (network2d "[‹ConvTranspose3d(8)›] private partial Segment Head { get; }")
        "write [ConvTranspose2d(…)]"
    case
        "IQT023"
        "3D residual function in a 2D network"
        (functionF + network2d "[‹Stack<F>(1)›] private partial Segment Head { get; }")
        "a residual function with 2D layers"
    case
        "IQT023"
        "residual function with a layer of 3D, without convolution, in a 2D network"
        (residualFunction "[BatchNorm, Relu] private partial Layers Only { get; }"
         + network2d "[‹Stack<G>(1)›] private partial Segment Head { get; }")
        "Residual function G on Head is for 3D, but the network is 2D"
    case
        "IQT023"
        "both in a residual function"
        (residualFunction "[Conv3d(Kernel = 1), ‹Conv2d(Kernel = 1)›] private partial Layers Only { get; }")
        "the residual function is 3D"

    case
        "IQT024"
        "no module"
        (network "[‹Layer<string>›] private partial Segment Head { get; }")
        "does not derive from nn.Module<Tensor, Tensor>"
    case
        "IQT024"
        "residual function as a layer"
        (network "[‹Layer<F>›] private partial Segment Head { get; }")
        "it is a residual function, which belongs into a stack"
    case
        "IQT024"
        "network as a layer"
        ("[Network(\"inner\", InputChannels = 6)] public sealed partial class Inner { [Conv3d(6)] private partial Segment Only { get; } } "
         + network "[‹Layer<Inner>›] private partial Segment Head { get; }")
        "it is a declared network: write a module of your own that holds one"
    case
        "IQT024"
        "parameter that nobody knows"
        (moduleWith "string path"
         + network "[‹Layer<M>›] private partial Segment Head { get; }")
        "no public constructor takes only parameters that are known"
    case
        "IQT024"
        "known name of another type"
        (moduleWith "string channels"
         + network "[‹Layer<M>›] private partial Segment Head { get; }")
        "no public constructor takes only parameters that are known"
    case
        "IQT024"
        "device that may not be missing"
        (moduleWith "int channels, TorchSharp.torch.Device device"
         + network "[‹Layer<M>›] private partial Segment Head { get; }")
        "no public constructor takes only parameters that are known"
    case
        "IQT024"
        "abstract module"
        ((moduleWith "int channels").Replace("sealed", "abstract")
         + network "[‹Layer<M>›] private partial Segment Head { get; }")
        "no public constructor takes only parameters that are known"
    case
        "IQT024"
        "module that keeps channels"
        (moduleWith "int channels"
         + network "[‹Layer<M>(8)›] private partial Segment Head { get; }")
        "it is to make 8 channels of 6"
    case
        "IQT024"
        "module of a stack"
        (moduleWith "string path"
         + network "[‹Stack<M>(1)›] private partial Segment Head { get; }")
        "M on Head can't be built"

    case
        "IQT025"
        "layers reversed"
        (network "[‹Backpropagate(SegmentStrategy.Reverse)›, Conv3d(8)] private partial Segment Head { get; }")
        "layers can't be inverted; write Store or Recompute"
    case
        "IQT025"
        "rearrangement stored"
        (network "[‹Backpropagate(SegmentStrategy.Store)›, Squeeze] private partial Segment Head { get; }")
        "keeps nothing anyway; remove the attribute"
    case
        "IQT025"
        "strategy that there is not"
        (network "[‹Backpropagate((SegmentStrategy)9)›, Conv3d(8)] private partial Segment Head { get; }")
        "SegmentStrategy has no such value"

    case
        "IQT026"
        "not a network"
        "[‹Elongate<string>(\"long\")›] public sealed partial class Long { [After(\"X\"), Relu] private partial Segment Head { get; } }"
        "Long elongates string, which is not marked [Network]"
    case
        "IQT026"
        "an elongated network"
        (elongated "[After(\"Layer\"), Relu] private partial Segment Behind { get; }"
         + " [‹Elongate<Long>(\"longer\")›] public sealed partial class Longer { [After(\"Layer\"), Relu] private partial Segment Third { get; } }")
        "Longer elongates Long"
    case
        "IQT026"
        "itself"
        "[‹Elongate<Long>(\"long\")›] public sealed partial class Long { [After(\"X\"), Relu] private partial Segment Head { get; } }"
        "Long elongates Long"

    case
        "IQT027"
        "not placed"
        (elongated "[Relu] private partial Segment ‹Behind› { get; }")
        "Behind is not placed in Net: place it once, by [Before(…)] or [After(…)] with one of Layer, Head"
    case
        "IQT027"
        "placed at nothing"
        (elongated "[‹After(\"Nobody\")›, Relu] private partial Segment Behind { get; }")
        "names 'Nobody', which is no segment of Net"
    case
        "IQT027"
        "placed twice"
        (elongated "[Before(\"Head\"), ‹After(\"Layer\")›, Relu] private partial Segment Behind { get; }")
        "is placed twice"
    case
        "IQT027"
        "before an input"
        ("[Network(\"net\")] public sealed partial class Net { [Input(3)] private partial Segment Image { get; } [Conv3d(8)] private partial Segment Head { get; } } "
         + "[Elongate<Net>(\"long\")] public sealed partial class Long { [‹Before(\"Image\")›, Relu] private partial Segment Behind { get; } }")
        "can't stand before Image, an input"

    case
        "IQT028"
        "more taken away than there is"
        (network
            "[GlobalAvgPool] private partial Segment Stem { get; } [Conv3d(8, Kernel = 3)] private partial Segment ‹Head› { get; }")
        "Head takes away more than there is"
    case
        "IQT028"
        "a residual function that needs more"
        (residualFunction "[InstanceNorm, Conv3d(Kernel = 1)] private partial Layers Only { get; }"
         + network
             "[GlobalAvgPool] private partial Segment Stem { get; } [Stack<G>(1)] private partial Segment ‹Head› { get; }")
        "Head takes away more than there is"
    case
        "IQT020"
        "what an elongated network takes over no longer adds up"
        (network
            "[Conv3d(8)] private partial Segment A { get; } [Conv3d(8)] private partial Segment B { get; } [Sum(nameof(A), nameof(B))] private partial Segment Head { get; }"
         + " [‹Elongate<Net>(\"long\")›] public sealed partial class Long { [After(\"A\"), Conv3d(4)] private partial Segment Narrow { get; } }")
        "Head adds Narrow (4 channels) and B (8 channels)"
]
