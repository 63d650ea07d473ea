/// Changes of numbers and channels that break a rule.
module Iqt.Tests.Generators.NumberMutations

open Iqt.Tests.Generators.DeclarationText
open Iqt.Tests.Generators.Mutation

let all: Mutation list = [
    "IQT007", "kernel", always, (fun d -> second [ conv d "4, Kernel = 0" ] d)
    "IQT007", "huge kernel", always, (fun d -> second [ conv d "4, Kernel = int.MaxValue" ] d)
    "IQT007", "huge channels", always, (fun d -> second [ conv d "int.MaxValue" ] d)
    "IQT007", "negative channels", always, (fun d -> second [ conv d "int.MinValue" ] d)
    "IQT007", "real kernel", always, (fun d -> second [ conv d "4, Kernel = 1.5" ] d)
    "IQT007", "kernel of another kind", always, (fun d -> second [ conv d "4, Kernel = Coupling.Affine" ] d)
    "IQT007", "null", always, (fun d -> second [ conv d "4, Stride = null!" ] d)
    "IQT007", "type", always, (fun d -> second [ conv d "4, Dilation = typeof(int)" ] d)
    "IQT007", "array", always, (fun d -> second [ conv d "4, Kernel = new[] { 3, 3 }" ] d)
    "IQT007", "dropout", always, second [ "Dropout(1.5)" ]
    "IQT007", "dropout NaN", always, second [ "Dropout(double.NaN)" ]
    "IQT007", "slope", always, second [ "LeakyRelu(-0.1)" ]
    "IQT007", "infinite epsilon", always, second [ "BatchNorm(Epsilon = double.PositiveInfinity)" ]
    "IQT007", "no such padding mode", always, (fun d -> second [ conv d "4, PaddingMode = (PaddingMode)7" ] d)
    "IQT007",
    "output padding",
    always,
    (fun d ->
        second
            [
                $"ConvTranspose{d.Dimensions}d(4, Stride = 2, Kernel = 3, OutputPadding = 2)"
            ]
            d)
    "IQT007", "pool padding", always, second [ "MaxPool(3, Padding = 2)" ]
    "IQT007", "rate", always, second [ "Upsample(1)" ]
    "IQT007", "many channels", always, (fun d -> second [ conv d "1000000"; "Squeeze(2)" ] d)
    "IQT007", "coupling", always, withStack [ "Stack<Scaled>(1, Coupling = (Coupling)3)" ]
    "IQT007", "blocks", always, withStack [ "Stack<Scaled>(-1)" ]
    "IQT008", "unknown hyperparameter", always, (fun d -> second [ conv d "\"Nowhere\"" ] d)
    "IQT008", "empty name", always, (fun d -> second [ conv d "4, Kernel = \"\"" ] d)
    "IQT008", "in a function", always, (fun d -> function' d [ layers "Only" [ conv d "Kernel = \"Edge\"" ] ])
    "IQT009",
    "odd channels",
    always,
    (fun d ->
        append
            [
                segment "Odd" [ fromLast d; conv d "5" ]
                segment "Stacked" [ "Stack<Scaled>(1)" ]
            ]
            d)
    "IQT010", "no function", always, withStack [ "Stack<string>(1)" ]
    "IQT010", "no function, an array", always, withStack [ "Stack<int[]>(1)" ]
    "IQT011", "channels", always, (fun d -> function' d [ layers "Only" [ conv d "7" ] ])
    "IQT012", "size", always, (fun d -> function' d [ layers "Only" [ conv d "Kernel = 3" ] ])
    "IQT012", "collapse", always, (fun d -> function' d (layers "Pooled" [ "GlobalAvgPool" ] :: keepSize d))
    "IQT013", "shuffle", always, (fun d -> second [ conv d "5"; "VoxelShuffle(2)" ] d)
    "IQT013", "groups", always, (fun d -> second [ conv d "5"; "GroupNorm(2)" ] d)
    "IQT013", "convolution groups", always, (fun d -> second [ conv d "6"; conv d "8, Groups = 3" ] d)
    "IQT013",
    "half channels",
    always,
    (fun d ->
        withStack
            [ "Stack<Broken>(1)" ]
            (function' d [ layers "Only" [ "GroupNorm(3)"; conv d "Kernel = 3, Padding = 1" ] ]))
    "IQT014", "no channels", always, (fun d -> second [ conv d "Kernel = 1" ] d)
]
