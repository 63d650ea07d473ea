/// Changes of a class and its members that break a rule.
module Iqt.Tests.Generators.ClassMutations

open Iqt.Tests.Generators.DeclarationText
open Iqt.Tests.Generators.Mutation

let all: Mutation list = [
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
]
