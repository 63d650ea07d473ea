/// Rules for numbers, hyperparameters and channels: IQT007 to IQT014.
module Iqt.Tests.Generators.Rules.NumberCases

open Iqt.Tests.Generators.Rules.Case

/// One segment with these attributes.
let private segment attributes =
    network $"[{attributes}] private partial Segment Layer {{ get; }}"

let cases = [
    case "IQT007" "kernel of 0" (segment "Conv3d(8, ‹Kernel = 0›)") "Kernel of Layer is 0; it has to be at least 1"
    case "IQT007" "channels of 0" (segment "Conv3d(‹0›)") "channels of Layer is 0; it has to be at least 1"
    case "IQT007" "channels without end" (segment "Conv3d(‹int.MaxValue›)") "2147483647; it has to be at most 1000000"
    case "IQT007" "kernel without end" (segment "Conv3d(8, ‹Kernel = int.MaxValue›)") "at most 4096"
    case "IQT007" "stride of 0" (segment "Conv3d(8, ‹Stride = 0›)") "at least 1"
    case "IQT007" "negative padding" (segment "Conv3d(8, ‹Padding = -1›)") "at least 0"
    case "IQT007" "dilation of 0" (segment "Conv3d(8, ‹Dilation = 0›)") "at least 1"
    case "IQT007" "groups of 0" (segment "Conv3d(8, ‹Groups = 0›)") "at least 1"
    case
        "IQT007"
        "kernel beyond every whole number of 32 bits"
        (segment "Conv3d(8, ‹Kernel = 5_000_000_000›)")
        "Kernel of Layer is 5000000000; it has to be at most 4096"
    case
        "IQT007"
        "kernel that is not whole"
        (segment "Conv3d(8, ‹Kernel = 1.5›)")
        "Kernel of Layer is 1.5; it has to be a whole number, or the name of a hyperparameter"
    case "IQT007" "kernel that is null" (segment "Conv3d(8, ‹Kernel = null!›)") "Kernel of Layer is null"
    case
        "IQT007"
        "kernel that is an array"
        (segment "Conv3d(8, ‹Kernel = new[] { 3, 3, 3 }›)")
        "Kernel of Layer is an array"
    case
        "IQT007"
        "kernel that is an enumeration's"
        (segment "Conv3d(8, ‹Kernel = Coupling.Affine›)")
        "a whole number, or the name of a hyperparameter"
    case
        "IQT007"
        "padding mode that there is not"
        (segment "Conv3d(8, ‹PaddingMode = (PaddingMode)7›)")
        "one of Zeros, Reflect, Replicate"
    case
        "IQT007"
        "output padding as long as the stride"
        (segment "ConvTranspose3d(8, Kernel = 3, Stride = 2, ‹OutputPadding = 2›)")
        "below the stride or the dilation, at most 1"
    case
        "IQT007"
        "output padding as long as a stride by name"
        (network
            "[Hyperparameter(2)] public partial int Step { get; } [ConvTranspose3d(8, Kernel = 3, Stride = nameof(Step), ‹OutputPadding = 2›)] private partial Segment Layer { get; }")
        "at most 1"
    case
        "IQT007"
        "dropout of more than everything"
        (segment "Dropout(‹1.5›)")
        "probability of Layer is 1.5; it has to be at least 0 and below 1"
    case "IQT007" "dropout of everything" (segment "Dropout(‹1.0›)") "below 1"
    case "IQT007" "dropout that is not a number" (segment "Dropout(‹double.NaN›)") "at least 0 and below 1"
    case "IQT007" "slope of 1" (segment "LeakyRelu(‹1.0›)") "below 1"
    case "IQT007" "alpha of 0" (segment "Elu(‹0.0›)") "greater than 0"
    case "IQT007" "epsilon of 0" (segment "BatchNorm(‹Epsilon = 0.0›)") "greater than 0"
    case
        "IQT007"
        "infinite epsilon"
        (segment "GroupNorm(2, ‹Epsilon = double.PositiveInfinity›)")
        "greater than 0 and finite"
    case "IQT007" "negative momentum" (segment "BatchNorm(‹Momentum = -0.1›)") "at least 0"
    case "IQT007" "pool that pads more than half" (segment "MaxPool(3, ‹Padding = 2›)") "at most half of the kernel, 1"
    case "IQT007" "pool without an edge" (segment "AvgPool(‹0›)") "at least 1"
    case "IQT007" "rate of 1" (segment "Upsample(‹1›)") "at least 2"
    case
        "IQT007"
        "resampling that there is not"
        (segment "Upsample(2, ‹Mode = (Resampling)2›)")
        "one of Nearest, Linear"
    case
        "IQT007"
        "order that there is not"
        (segment "PermuteChannels(‹(ChannelOrder)3›)")
        "one of Same, Reversed, Interleaved"
    case
        "IQT007"
        "coupling that there is not"
        (segment "Stack<F>(2, ‹Coupling = (Coupling)2›)")
        "one of Additive, Affine"
    case "IQT007" "negative number of blocks" (segment "Stack<F>(‹-1›)") "at least 0"
    case
        "IQT007"
        "squeeze into too many channels"
        (segment "Conv3d(1000000), ‹Squeeze(2)›")
        "The number of channels that Layer makes is 8000000"
    case
        "IQT007"
        "unshuffle by a rate whose cube overflows"
        (segment "‹VoxelUnshuffle(4096)›")
        "it has to be at most 1000000"
    case
        "IQT007"
        "no input channels"
        $"[‹Network(\"net\")›] public sealed partial class Net {{ {layer} }}"
        "InputChannels is not given; it has to be at least 1"
    case
        "IQT007"
        "negative input channels"
        $"[Network(\"net\", ‹InputChannels = -6›)] public sealed partial class Net {{ {layer} }}"
        "InputChannels is -6"
    case
        "IQT007"
        "input channels that are not whole"
        $"[Network(\"net\", ‹InputChannels = 0.5›)] public sealed partial class Net {{ {layer} }}"
        "InputChannels is 0.5"
    case
        "IQT007"
        "four dimensions"
        $"[Network(\"net\", InputChannels = 6, ‹Dimensions = 4›)] public sealed partial class Net {{ [Relu] private partial Segment Layer {{ get; }} }}"
        "2 or 3"
    case
        "IQT007"
        "channels of an input"
        $"[Network(\"net\")] public sealed partial class Net {{ [Input(‹0›)] private partial Segment Image {{ get; }} {layer} }}"
        "channels of Image is 0"
    case
        "IQT007"
        "default below what a kernel allows"
        (network
            "[Hyperparameter(0)] public partial int ‹Edge› { get; } [Conv3d(8, Kernel = nameof(Edge))] private partial Segment Layer { get; }")
        "The default of Edge is 0"

    case
        "IQT008"
        "hyperparameter not declared"
        (network
            "[Hyperparameter(4)] public partial int Blocks { get; } [Stack<F>(‹\"Depth\"›)] private partial Segment Stack { get; }")
        "declared are Blocks"
    case
        "IQT008"
        "name that is none"
        (segment "Conv3d(8, ‹Kernel = \"3 3\"›)")
        "write a number, or the name of a property marked [Hyperparameter(…)]"
    case
        "IQT008"
        "in a residual function"
        (residualFunction "[Conv3d(‹Kernel = \"Edge\"›)] private partial Layers Only { get; }")
        "a residual function has none; write a number"
    case
        "IQT008"
        "input channels"
        $"[Network(\"net\", ‹InputChannels = \"Channels\"›)] public sealed partial class Net {{ {layer} }}"
        "'Channels' is no hyperparameter of Net"

    case
        "IQT009"
        "odd channels in a stack"
        (network
            "[Conv3d(7)] private partial Segment Layer { get; } [‹Stack<F>(2)›] private partial Segment Stack { get; }")
        "splits its 7 channels into two halves, and 7 is odd: give Layer"
    case
        "IQT009"
        "odd channels by a hyperparameter's default"
        (network
            "[Hyperparameter(7)] public partial int Width { get; } [Conv3d(nameof(Width))] private partial Segment Layer { get; } [‹Stack<F>(2)›] private partial Segment Stack { get; }")
        "Width = 7"
    case
        "IQT009"
        "odd channels of a join"
        (network
            "[Conv3d(3)] private partial Segment A { get; } [Conv3d(4)] private partial Segment B { get; } [Concat(nameof(A), nameof(B)), ‹Stack<F>(2)›] private partial Segment Stack { get; }")
        "give A and B an even number"
    case
        "IQT009"
        "odd channels of the network's input"
        (functionF
         + "[Network(\"net\", InputChannels = 5)] public sealed partial class Net { [‹Stack<F>(2)›] private partial Segment Stack { get; } }")
        "give the network's input an even number"

    case
        "IQT010"
        "not a residual function"
        ("public sealed class H; "
         + network "[‹Stack<H>(2)›] private partial Segment Stack { get; }")
        "H is used as a residual function of stack Stack"

    case
        "IQT010"
        "a network"
        ("[Network(\"inner\", InputChannels = 3)] public sealed partial class Inner { [Conv3d(3)] private partial Segment Only { get; } } "
         + network "[‹Stack<Inner>(2)›] private partial Segment Stack { get; }")
        "Inner is used as a residual function of stack Stack but is a declared network"
    case "IQT010" "an array" (network "[‹Stack<int[]>(2)›] private partial Segment Stack { get; }") "int[] is used"

    case
        "IQT011"
        "residual function changes channels"
        (residualFunction "[Conv3d(‹8›, Kernel = 1)] private partial Layers Only { get; }")
        "ends with 8 channels"
    case
        "IQT011"
        "a normalisation behind it"
        (residualFunction "[Conv3d(‹8›), BatchNorm] private partial Layers Only { get; }")
        "ends with 8 channels"

    case
        "IQT012"
        "residual function changes the size"
        (residualFunction "[‹Conv3d(Kernel = 3)›] private partial Layers Only { get; }")
        "Only makes every edge 2 voxels shorter, but a residual function keeps the size: set Padding = 1"
    case
        "IQT012"
        "too much padding"
        (residualFunction "[Conv3d(Kernel = 2, ‹Padding = 1›)] private partial Layers Only { get; }")
        "Only makes every edge 1 voxel longer"
    case
        "IQT012"
        "stride"
        (residualFunction "[Conv3d(Kernel = 3, ‹Padding = 1›, Stride = 3)] private partial Layers Only { get; }")
        "Only divides every edge by 3"
    case
        "IQT012"
        "enlargement"
        (residualFunction "[‹Upsample(2)›] private partial Layers Only { get; }")
        "Only makes every edge 2 times as long"
    case
        "IQT012"
        "collapse"
        (residualFunction "[‹GlobalAvgPool›] private partial Layers Only { get; }")
        "Only makes every edge 1 voxel long"
    case
        "IQT012"
        "even kernel in a residual function"
        (residualFunction "[Conv3d(Kernel = 4, ‹Padding = 2›)] private partial Layers Only { get; }")
        "take 5 with Padding = 2"
    case
        "IQT012"
        "dilation"
        (residualFunction "[Conv3d(Kernel = 3, ‹Padding = 1›, Dilation = 2)] private partial Layers Only { get; }")
        "set Padding = 2"
    case
        "IQT012"
        "pooling"
        (residualFunction "[‹MaxPool(2)›] private partial Layers Only { get; }")
        "remove it, or its stride"

    case
        "IQT013"
        "shuffle of channels that don't divide"
        (network
            "[Conv3d(47)] private partial Segment Layer { get; } [‹VoxelShuffle(2)›] private partial Segment Shuffled { get; }")
        "has 47: 40 or 48 would fit"
    case "IQT013" "group normalisation" (segment "Conv3d(7), GroupNorm(‹2›)") "6 or 8 would fit"
    case
        "IQT013"
        "convolution in groups, what comes in"
        (segment "Conv3d(8, ‹Groups = 4›)")
        "A convolution in groups needs a multiple of 4 channels, and Layer has 6: 4 or 8 would fit"
    case "IQT013" "convolution in groups, what goes out" (segment "Conv3d(8, ‹Groups = 3›)") "has 8: 6 or 9 would fit"
    case "IQT013" "interleaving" (segment "Conv3d(7), ‹PermuteChannels(ChannelOrder.Interleaved)›") "6 or 8 would fit"
    case "IQT013" "inverse Haar transform" (segment "‹HaarUpsample›") "has 6: 8 or 16 would fit"
    case
        "IQT013"
        "groups of a residual function against the half"
        (residualFunction "[GroupNorm(4), Conv3d(Kernel = 3, Padding = 1)] private partial Layers Only { get; }"
         + network "[‹Stack<G>(2)›] private partial Segment Stack { get; }")
        "Residual function G works on half of the channels and so needs a multiple of 8 channels, and Stack has 6: 8 or 16 would fit"

    case "IQT014" "convolution without channels" (segment "‹Conv3d(Kernel = 3)›") "names no output channels"
    case
        "IQT014"
        "transposed convolution without channels"
        (segment "‹ConvTranspose3d(Kernel = 3)›")
        "[ConvTranspose3d(channels, Kernel = …)]"
]
