/// Single changes of a declaration that break a rule.
module Iqt.Tests.Generators.Mutations

open FsCheck.FSharp
open Iqt.Tests.Generators.DeclarationText

let private append members (d: Declaration) = {
    d with
        Network = {
            d.Network with
                Members = d.Network.Members @ members
        }
}

let private network change (d: Declaration) = { d with Network = change d.Network }

let private last (d: Declaration) = d.Last.Name

let private fromLast d =
    if last d = "Input" then
        "From(\"Input\")"
    else
        $"From(nameof({last d}))"

let private conv (d: Declaration) arguments = $"Conv{d.Dimensions}d({arguments})"

let private changeLast change (d: Declaration) =
    network
        (fun c ->
            let count = c.Members.Length

            {
                c with
                    Members = c.Members |> List.mapi (fun i m -> if i = count - 1 then change m else m)
            })
        d

let private function' (d: Declaration) members = {
    d with
        Functions = d.Functions @ [ classOf "ResidualFunction" "Broken" members ]
}

let private keepSize d = [ layers "Only" [ conv d "Kernel = 3, Padding = 1" ] ]

let private withStack attributes (d: Declaration) =
    append [ segment "Even" [ fromLast d; conv d "4" ]; segment "Stacked" attributes ] d

/// Inputs of one size each are judged by the compiler only where there is one.
let private hasOneInput (d: Declaration) = d.Edges.Count = 1

let private without keyword (c: Class) = {
    c with
        Modifiers = (c.Modifiers.Replace(keyword, "").Replace("  ", " ")).Trim()
}

/// The rule, words for a report, whether it can be applied, and the change.
let all: (string * string * (Declaration -> bool) * (Declaration -> Declaration)) list =
    let always _ = true

    let second attributes d =
        append [ segment "Added" (fromLast d :: attributes) ] d

    [
        "IQT001", "not partial", always, network (without "partial")
        "IQT001",
        "function not partial",
        (fun d -> not d.Functions.IsEmpty),
        (fun d -> {
            d with
                Functions = without "partial" d.Functions.Head :: d.Functions.Tail
        })
        "IQT002",
        "abstract",
        always,
        network (fun c -> {
            c with
                Modifiers = "public abstract partial"
        })
        "IQT002",
        "static",
        (fun d -> d.Elongated.IsNone),
        network (fun c -> {
            c with
                Modifiers = "public static partial"
                Members = []
        })
        "IQT002",
        "base class",
        always,
        network (fun c -> {
            c with
                Behind = " : System.Exception"
        })
        "IQT002", "generic", (fun d -> d.Elongated.IsNone), network (fun c -> { c with Behind = "<T>" })
        "IQT002",
        "constructor",
        always,
        network (fun c -> {
            c with
                Extra = "    public Net(string text) { }\n"
        })
        "IQT002",
        "primary constructor",
        always,
        network (fun c -> {
            c with
                Behind = "(string text)"
                Extra = "    public string Text => text;\n"
        })
        "IQT002",
        "two markers",
        always,
        network (fun c -> {
            c with
                Marker = c.Marker + ", ResidualFunction"
        })
        "IQT003", "no members", always, network (fun c -> { c with Members = [] })
        "IQT003", "function without members", always, (fun d -> function' d [])
        "IQT004", "setter", always, changeLast (fun m -> { m with Accessors = "{ get; set; }" })
        "IQT004", "init", always, changeLast (fun m -> { m with Accessors = "{ get; init; }" })
        "IQT004",
        "wrong type",
        always,
        changeLast (fun m -> {
            m with
                Type = "System.Collections.Generic.List<int>"
        })
        "IQT004", "nullable", always, changeLast (fun m -> { m with Type = "Segment?" })
        "IQT004",
        "static property",
        always,
        changeLast (fun m -> {
            m with
                Modifiers = "private static partial"
        })
        "IQT004",
        "not partial",
        always,
        changeLast (fun m -> {
            m with
                Modifiers = "private"
                Accessors = "{ get; } = null!;"
        })
        "IQT005", "no attribute", always, (fun d -> append [ segment "Added" [ fromLast d ] ] d)
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
        "IQT015", "before", always, second [ "Before(\"X\")"; "Relu" ]
        "IQT015", "stack and layer", always, withStack [ "Stack<Scaled>(1)"; "Relu" ]
        "IQT015", "output in a function", always, (fun d -> function' d [ layers "Only" [ "Output"; "Relu" ] ])
        "IQT015", "source in a function", always, (fun d -> function' d [ layers "Only" [ "From(\"X\")"; "Relu" ] ])
        "IQT015", "function in itself", always, (fun d -> function' d [ layers "Only" [ "Stack<Broken>(2)" ] ])
        "IQT015", "input that reads", always, second [ "Input(3)" ]
        "IQT015",
        "hyperparameter that does",
        always,
        (fun d ->
            append
                [
                    {
                        hyperparameter "Both" 3 with
                            Attributes = [ "Hyperparameter(3)"; "Relu" ]
                    }
                ]
                d)
        "IQT015", "hyperparameter in a function", always, (fun d -> function' d (hyperparameter "Edge" 3 :: keepSize d))
        "IQT016",
        "name",
        always,
        network (fun c -> {
            c with
                Marker = c.Marker.Replace("\"net\"", "\"Net \\u00e9\"")
        })
        "IQT016",
        "empty name",
        always,
        network (fun c -> {
            c with
                Marker = c.Marker.Replace("\"net\"", "\"\"")
        })
        "IQT016",
        "null name",
        always,
        network (fun c -> {
            c with
                Marker = c.Marker.Replace("\"net\"", "null!")
        })
        "IQT017", "inherited name", always, (fun d -> append [ segment "Relation" [ fromLast d; "Relu" ] ] d)
        "IQT017",
        "name of a module's method",
        always,
        (fun d -> append [ segment "register_module" [ fromLast d; "Relu" ] ] d)
        "IQT017", "used name", always, (fun d -> append [ segment "Squeeze" [ fromLast d; "Relu" ] ] d)
        "IQT017",
        "generated name",
        always,
        (fun d -> append [ segment "GraphAdded" [ fromLast d; "Relu" ]; segment "Added" [ "Relu" ] ] d)
        "IQT017",
        "case",
        always,
        (fun d -> append [ segment "Added" [ fromLast d; "Relu" ]; segment "ADDED" [ "Relu" ] ] d)
        "IQT017",
        "own member",
        always,
        network (fun c -> {
            c with
                Extra = "    private int Pass() => 3;\n"
        })
        "IQT018",
        "unknown",
        always,
        second []
        >> changeLast (fun m -> {
            m with
                Attributes = [ "From(\"Nobody\")"; "Relu" ]
        })
        "IQT018",
        "null",
        always,
        second []
        >> changeLast (fun m -> {
            m with
                Attributes = [ "From(null!)"; "Relu" ]
        })
        "IQT018",
        "itself",
        always,
        second []
        >> changeLast (fun m -> {
            m with
                Attributes = [ "From(\"Added\")"; "Relu" ]
        })
        "IQT018", "below", always, append [ segment "Added" [ "From(\"Below\")"; "Relu" ]; segment "Below" [ "Relu" ] ]
        "IQT019",
        "one",
        always,
        second []
        >> (fun d ->
            changeLast
                (fun m -> {
                    m with
                        Attributes = [ (fromLast d).Replace("From", "Concat") ]
                })
                d)
        "IQT019",
        "twins",
        always,
        (fun d ->
            append
                [
                    segment "One" [ fromLast d; "Relu" ]
                    segment "Added" [ "Sum(\"One\", \"One\")" ]
                ]
                d)
        "IQT020",
        "unequal",
        always,
        (fun d ->
            append
                [
                    segment "One" [ fromLast d; conv d "3" ]
                    segment "Two" [ fromLast d; conv d "5" ]
                    segment "Added" [ "Sum(\"One\", \"Two\")" ]
                ]
                d)
        "IQT021",
        "sizes",
        hasOneInput,
        (fun d ->
            append
                [
                    segment "One" [ fromLast d; conv d "3" ]
                    segment "Two" [ fromLast d; conv d "3"; "Upsample(2)" ]
                    segment "Added" [ "Sum(\"One\", \"Two\")" ]
                ]
                d)
        "IQT022",
        "never read",
        always,
        (fun d -> append [ segment "One" [ fromLast d; "Relu" ]; segment "Two" [ fromLast d; "Relu" ] ] d)
        "IQT023", "dimensions", always, (fun d -> second [ conv { d with Dimensions = 5 - d.Dimensions } "3" ] d)
        "IQT024", "unbuildable", always, second [ "Layer<Unbuildable>" ]
        "IQT024", "no module", always, second [ "Layer<string>" ]
        "IQT024", "unbuildable function", always, withStack [ "Stack<Unbuildable>(1)" ]
        "IQT024", "channels", always, second [ "Layer<Scaled>(77)" ]
        "IQT025", "layers reversed", always, second [ "Backpropagate(SegmentStrategy.Reverse)"; "Relu" ]
        "IQT025", "no such strategy", always, second [ "Backpropagate((SegmentStrategy)9)"; "Relu" ]
        "IQT025",
        "rearrangement stored",
        always,
        second [
            "Backpropagate(SegmentStrategy.Store)"
            "PermuteChannels(ChannelOrder.Reversed)"
        ]
        "IQT026",
        "no network",
        always,
        (fun d -> {
            d with
                Elongated =
                    Some(classOf "Elongate<Scaled>(\"other\")" "Other" [ segment "Added" [ "After(\"X\")"; "Relu" ] ])
        })
        "IQT026",
        "itself",
        always,
        (fun d -> {
            d with
                Elongated =
                    Some(classOf "Elongate<Other>(\"other\")" "Other" [ segment "Added" [ "After(\"X\")"; "Relu" ] ])
        })
        "IQT027",
        "no place",
        always,
        (fun d -> {
            d with
                Elongated = Some(classOf "Elongate<Net>(\"other\")" "Other" [ segment "Added" [ "Relu" ] ])
        })
        "IQT027",
        "unknown place",
        always,
        (fun d -> {
            d with
                Elongated =
                    Some(
                        classOf "Elongate<Net>(\"other\")" "Other" [ segment "Added" [ "After(\"Nobody\")"; "Relu" ] ]
                    )
        })
        "IQT028", "nothing fits", hasOneInput, second [ "GlobalAvgPool"; "MaxPool(2)" ]
        "IQT029",
        "same name",
        always,
        (fun d -> {
            d with
                Functions = d.Functions @ [ { d.Network with Name = "Twin" } ]
        })
    ]

/// A change that can be applied to the declaration.
let applicable (d: Declaration) =
    Gen.elements (all |> List.filter (fun (_, _, can, _) -> can d))
