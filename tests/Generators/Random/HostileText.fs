/// Declarations as they stand while somebody types: values and names of every kind, pieces lost and doubled.
module Iqt.Tests.Generators.HostileText

open System
open System.Text.RegularExpressions
open FsCheck.FSharp

let private values = [
    "null!"
    "null"
    "int.MaxValue"
    "int.MinValue"
    "2147483646"
    "99999999999"
    "-1"
    "0"
    "1.5"
    "double.NaN"
    "double.NegativeInfinity"
    "'x'"
    "true"
    "\"\""
    "\"Net\""
    "\"\\u0000\\n\\t\""
    "\"ü𝒳\""
    "typeof(int)"
    "typeof(System.Collections.Generic.List<>)"
    "new object[] { 1, null! }"
    "new int[0]"
    "Coupling.Affine"
    "(PaddingMode)99"
    "default"
    "nameof(Net)"
    "Missing"
    "1 + "
]

let private names = [
    "class"
    "@class"
    "Net"
    "net"
    "NET"
    "Größe"
    "Ω"
    "_"
    "__"
    "e\u0301"
    "a\u200db"
    "x\u203fy"
    "Segments"
    "Tensor"
    "nn"
    "Declaration"
    "value"
    "field"
    "var"
    "1st"
    "this[int i]"
    "IDisposable.Dispose"
    ""
]

let private types = [
    "int"
    "string"
    "Net"
    "F0"
    "int[]"
    "Missing"
    "System.Collections.Generic.List<int>"
    "(int, string)"
    "int?"
    "System.Span<int>"
    "void"
    "dynamic"
    "Scaled"
    "Unbuildable"
    "nn.Module<Tensor, Tensor>"
]

let private members = [
    "[Conv3d(3)] private int field;"
    "[Relu] public void Method() { }"
    "[Relu] public event System.Action E;"
    "[Relu] private partial Segment this[int i] { get; }"
    "[Relu] static partial Segment S { get; }"
    "[Relu] private partial ref Segment R { get; }"
    "[Relu] private partial Segment { get; }"
    "[Relu, Relu, Output, Output] private partial Segment Twice { get; }"
    "[Relu] private partial Segment Twice { get; } [Relu] private partial Segment Twice { get; }"
    "[Hyperparameter(-5)] public partial int Low { get; }"
    "[Hyperparameter(int.MaxValue)] public partial int High { get; }"
    "[Hyperparameter(3), Conv3d(3), Output] public partial Segment Mixed { get; }"
    "[Input(0), Output, From(\"X\")] private partial Segment I { get; }"
    "[Concat] private partial Segment C { get; }"
    "[Concat(null)] private partial Segment C { get; }"
    "[Sum(null, null)] private partial Segment C { get; }"
    "[From] private partial Segment C { get; }"
    "[Network(\"x\")] private partial Segment C { get; }"
    "[Elongate<Net>(\"x\")] private partial Segment C { get; }"
    "[Stack<F0>] private partial Segment C { get; }"
    "[Stack<>(1)] private partial Segment C { get; }"
    "[Layer<dynamic>] private partial Segment C { get; }"
    "[Stack<Net>(1), Stack<Net, Net>(2)] private partial Segment C { get; }"
    "[Backpropagate((SegmentStrategy)(-7))] private partial Segment C { get; }"
    "[Network(\"inner\", InputChannels = 1)] partial class Inner { [Relu] private partial Segment X { get; } }"
    "[ResidualFunction] partial record Rec { [Relu] private partial Layers X { get; } }"
    "[ResidualFunction] partial class Loop { [Stack<Loop>(1), Layer<Loop>] private partial Layers X { get; } }"
    "[Elongate<Self>(\"self\")] partial class Self { [After(\"X\"), Relu] private partial Segment X { get; } }"
    "partial class Tensor { } partial class Source { }"
    "}"
    "{"
    "#if"
    "/*"
    "\""
]

let private classes = [
    "[Network(\"other\", InputChannels = 2)] public partial class NET { [Relu] private partial Segment X { get; } }"
    "[ResidualFunction] public partial class A { [Layer<B>] private partial Layers X { get; } } [ResidualFunction] public partial class B { [Layer<A>] private partial Layers X { get; } }"
    "[Network(\"gen\", InputChannels = 2)] public partial class Net<T> { [Relu] private partial Segment X { get; } }"
    "[Network(\"file\", InputChannels = 2)] file partial class Hidden { [Relu] private partial Segment X { get; } }"
    "[Network(\"rec\", InputChannels = 2)] public partial record Rec { [Relu] private partial Segment X { get; } }"
    "[Network(\"rs\", InputChannels = 2)] public partial record struct RecS { [Relu] private partial Segment X { get; } }"
    "[Network(\"i\", InputChannels = 2)] public partial interface IFace { [Relu] partial Segment X { get; } }"
    "[Network(\"s\", InputChannels = 2)] public partial struct Str { [Relu] private partial Segment X { get; } }"
    "[Network(\"e\", InputChannels = 2)] public enum En { A }"
    "[Network(\"n1\", InputChannels = 2), Network(\"n2\")] public partial class Doubled { [Relu] private partial Segment X { get; } }"
    "[Network, ResidualFunction, Elongate<Net>] public partial class Mess { [Relu] private partial Segment X { get; } }"
    "[Elongate<Elongated>(\"again\")] public partial class Again { [After(\"X\"), Relu] private partial Segment Y { get; } }"
    "[Elongate<int[]>(\"arr\")] public partial class Arr { [After(\"X\"), Relu] private partial Segment Y { get; } }"
    "[Elongate<Gone>(\"gone\")] public partial class GoneLong { [After(\"X\"), Relu] private partial Segment Y { get; } }"
    "[DeclarationDescription(\"network\")] [Network(\"d\", InputChannels = 2)] public partial class Desc { [Relu] private partial Segment X { get; } }"
    "public partial class Tensor { }"
    "public partial class Segment { }"
    "public static class nn { }"
    "[Network(\"k\", InputChannels = 2)] public partial class @class { [Relu] private partial Segment @new { get; } }"
    "public partial class Net { [Relu] private partial Segment Late { get; } }"
    "public partial class Net : Missing { }"
]

let private number = Regex(@"(?<=[(=, ])\d+(\.\d+)?(?=[,)])")

let private identifier =
    Regex(@"(?<=partial (Segment|Layers|int) )@?\w+|(?<=class )\w+")

let private typeArgument = Regex(@"(?<=(Stack|Layer|Elongate)<)[^>]+(?=>)")
let private token = Regex(@"\w+|[^\w\s]")

let private replaceOne (pattern: Regex) replacement (text: string) =
    gen {
        let found = pattern.Matches text |> Seq.toList

        if found.IsEmpty then
            return text
        else
            let! hit = Gen.elements found
            return text.Remove(hit.Index, hit.Length).Insert(hit.Index, replacement)
    }

let private insertBefore (start: string) (piece: string) (text: string) =
    match text.IndexOf(start, StringComparison.Ordinal) with
    | -1 -> text + piece
    | place -> text.Insert(place, piece + "\n")

// Behind the opening brace of the network, or at the end of the file.
let private insertMember piece (text: string) =
    match text.IndexOf("class Net\n{\n", StringComparison.Ordinal) with
    | -1 -> text + piece
    | place -> text.Insert(place + "class Net\n{\n".Length, piece + "\n")

let private once (text: string) =
    gen {
        let! way = Gen.choose (0, 7)

        match way with
        | 0
        | 1 ->
            let! value = Gen.elements values
            return! replaceOne number value text
        | 2 ->
            let! name = Gen.elements names
            return! replaceOne identifier name text
        | 3 ->
            let! name = Gen.elements types
            return! replaceOne typeArgument name text
        | 4 ->
            let! piece = Gen.elements members
            return insertMember piece text
        | 5 ->
            let! piece = Gen.elements classes
            return text + "\n" + piece
        | 6 -> return! replaceOne token "" text
        | _ ->
            let! from = Gen.choose (0, text.Length - 1)
            let! length = Gen.choose (1, 40)
            let piece = text.Substring(from, min length (text.Length - from))
            let! place = Gen.choose (0, text.Length)
            return text.Insert(place, piece)
    }

/// A text changed in one to three places.
let hostile (text: string) =
    gen {
        let! count = Gen.choose (1, 3)
        let mutable changed = text

        for _ in 1..count do
            let! next = once changed
            changed <- next

        return changed
    }
