/// Declarations that name networks and residual functions of another assembly: what that keeps to itself is refused by a rule,
/// not by the compiler's errors in generated code.
module Iqt.Tests.Generators.OtherAssemblyTests

open Expecto
open Microsoft.CodeAnalysis
open Microsoft.CodeAnalysis.CSharp
open Iqt.Tests.Generators.Rules

let private home (source: string) =
    let diagnostics, after =
        Compiler.compileAs (fun c -> c.WithAssemblyName "Home") [
            "Home.cs",
            "using Iqt.Reversible;\n"
            + source.Replace(
                "assembly:",
                "[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"Declarations\")]\nnamespace Home;\n"
            )
        ]

    Expect.isEmpty (diagnostics |> List.map string) "the other assembly compiles"
    MetadataReference.CreateFromImage(Compiler.image after) :> MetadataReference

let private compile (reference: MetadataReference) source =
    fst (
        Compiler.compileAs (fun (c: CSharpCompilation) -> c.AddReferences reference) [
            "Declaration.cs", Compiler.preamble + source
        ]
    )

let private long =
    "[Elongate<Home.Net>(\"long\")] public sealed partial class Long { [After(\"Stack\"), Relu] private partial Segment Behind { get; } }"

let private net segment =
    $"[Network(\"net\", InputChannels = 6)] public sealed partial class Net {{ [{segment}] private partial Segment Stack {{ get; }} }}\n"

let private functionOf access =
    $"[ResidualFunction] {access} sealed partial class G {{ [Relu, Conv3d(Kernel = 1)] private partial Layers Only {{ get; }} }}\n"

let private ofInternals = [
    "a residual function", functionOf "internal" + net "Stack<G>(1)", "IQT010", "is internal to Home"
    "a class around a residual function's module",
    "internal static class Outer { "
    + Case.moduleWith "int channels"
    + " }\n"
    + net "Stack<Outer.M>(1)",
    "IQT024",
    "internal to Home"
    "a module",
    (Case.moduleWith "int channels").Replace("public sealed", "internal sealed")
    + net "Layer<M>",
    "IQT024",
    "internal to Home"
    "a module's constructor",
    (Case.moduleWith "int channels").Replace("public M(", "internal M(")
    + net "Layer<M>",
    "IQT024",
    "internal to Home"
]

[<Tests>]
let tests =
    testList "generators/other assemblies" [
        for title, source, rule, words in ofInternals do
            test $"{rule}: {title} that only the elongated network's assembly sees" {
                let diagnostic =
                    Expect.wantSome
                        (List.tryExactlyOne (compile (home ("namespace Home;\n" + source)) long))
                        "one error, and none in generated code"

                Expect.equal diagnostic.Id rule "rule"
                Expect.stringContains (diagnostic.GetMessage()) words "message"
                let tree = nonNull diagnostic.Location.SourceTree

                Expect.equal
                    (tree.GetText().ToString diagnostic.Location.SourceSpan)
                    "Elongate<Home.Net>(\"long\")"
                    "place"
            }

            test $"{title} that its assembly shows this one" {
                Expect.isEmpty (compile (home ("assembly:" + source)) long |> List.map string) "compiles without a word"
            }

        test "a network whose parts are public is elongated" {
            Expect.isEmpty
                (compile (home ("namespace Home;\n" + functionOf "public" + net "Stack<G>(1)")) long
                 |> List.map string)
                "compiles without a word"
        }

        test "a residual function for 2D and 3D keeps its other demands" {
            let reference =
                home
                    "namespace Home;\n[ResidualFunction] public sealed partial class G { [GroupNorm(2), Relu] private partial Layers Only { get; } }"

            let flat channels =
                compile
                    reference
                    $"[Network(\"net\", InputChannels = {channels}, Dimensions = 2)] public sealed partial class Net {{ [Stack<Home.G>(1)] private partial Segment Stack {{ get; }} }}"

            Expect.isEmpty (flat 8 |> List.map string) "halves of four channels"
            Expect.equal (flat 6 |> List.map _.Id) [ "IQT013" ] "halves of three"
        }
    ]
