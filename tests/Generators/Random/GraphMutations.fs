/// Changes of what is read, named or built that break a rule.
module Iqt.Tests.Generators.GraphMutations

open Iqt.Tests.Generators.DeclarationText
open Iqt.Tests.Generators.Mutation

let all: Mutation list = [
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
    "IQT017", "case", always, (fun d -> append [ segment "Added" [ fromLast d; "Relu" ]; segment "ADDED" [ "Relu" ] ] d)
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
                Some(classOf "Elongate<Net>(\"other\")" "Other" [ segment "Added" [ "After(\"Nobody\")"; "Relu" ] ])
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
