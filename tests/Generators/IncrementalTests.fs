module Iqt.Tests.Generators.IncrementalTests

open System
open System.Collections
open System.Collections.Generic
open System.Reflection
open Expecto
open Microsoft.CodeAnalysis
open Microsoft.CodeAnalysis.CSharp
open Iqt.Generators.Parsing

let private declaration =
    """using Iqt.Reversible;
namespace Sample;
[ResidualFunction] public sealed partial class F { [BatchNorm, Relu, Conv3d(Kernel = 3, Padding = 1)] private partial Layers Only { get; } }
/// <summary>A network.</summary>
[Network("net", InputChannels = 6)]
public sealed partial class Net
{
    /// <summary>How many.</summary>
    [Hyperparameter(2)] public partial int Blocks { get; }
    [Stack<F>(nameof(Blocks))] private partial Segment Stack { get; }
    [Conv3d(8, Kernel = 3), Relu] private partial Segment Layer { get; }
    [VoxelShuffle(2)] private partial Segment Output { get; }
}
"""

let private elongation =
    """using Iqt.Reversible;
namespace Sample;
[Elongate<Net>("net-long")]
public sealed partial class Long
{
    [After("Layer"), Stack<F>(1)] private partial Segment Stack2 { get; }
}
"""

let private files = [ "Net.cs", declaration; "Long.cs", elongation ]

let private start () =
    Compiler.compilation [ for path, text in files -> Compiler.parse path text ]

let private steps = [ "Parse"; "Validate" ]

/// Why each tracked step of the second run ran.
let private reasons (result: GeneratorRunResult) = [
    for name in steps do
        for step in result.TrackedSteps[name] do
            for struct (_, reason) in step.Outputs do
                name, reason
]

let private rerun (change: CSharpCompilation -> CSharpCompilation) =
    let first = start ()
    let driver = Compiler.driver().RunGenerators first
    (driver.RunGenerators(change first)).GetRunResult().Results[0]

let private cached = [ IncrementalStepRunReason.Cached; IncrementalStepRunReason.Unchanged ]

/// Every object that can be reached from a value by its fields, with the way to it.
let private reachable (root: obj) =
    let seen = HashSet<obj> ReferenceEqualityComparer.Instance

    let found = ResizeArray<string * obj>()

    let rec visit (path: string) (value: obj) =
        let isLeaf = value.GetType().IsPrimitive || value :? string || value :? Type

        if not isLeaf && (value.GetType().IsValueType || seen.Add value) then
            found.Add(path, value)

            match value with
            // Its elements are those of its field; where that is null, it can't be enumerated.
            | :? IEnumerable as items when not (value.GetType().Name.StartsWith "ImmutableArray") ->
                for item in items do
                    if not (isNull item) then
                        visit (path + "[]") item
            | _ -> ()

            let flags = BindingFlags.Instance ||| BindingFlags.Public ||| BindingFlags.NonPublic

            for field in value.GetType().GetFields flags do
                match field.GetValue value with
                | null -> ()
                | inner -> visit $"{path}.{field.Name}" inner

    visit "" root
    List.ofSeq found

[<Tests>]
let tests =
    testList "generators/incremental" [
        test "an unrelated file leaves every step cached" {
            let result =
                rerun (fun c -> c.AddSyntaxTrees(Compiler.parse "Other.cs" "class Other { int x = 1; }"))

            let ran = reasons result
            Expect.equal ran.Length 6 "a network, its elongated form and a residual function, two steps each"

            for name, reason in ran do
                Expect.contains cached reason name

            for step in result.TrackedOutputSteps.Values |> Seq.collect (fun outputs -> outputs) do
                for struct (_, reason) in step.Outputs do
                    Expect.equal reason IncrementalStepRunReason.Cached "output"
        }

        test "a comment inside a declaration leaves what was parsed unchanged" {
            let change (c: CSharpCompilation) =
                let tree = Seq.head c.SyntaxTrees

                let edited =
                    declaration.Replace("[VoxelShuffle(2)]", "// as in the paper\n    [VoxelShuffle(2)]")

                c.ReplaceSyntaxTree(tree, Compiler.parse "Net.cs" edited)

            for name, reason in reasons (rerun change) do
                Expect.contains cached reason name
        }

        test "a changed attribute is seen" {
            let change (c: CSharpCompilation) =
                let tree = Seq.head c.SyntaxTrees
                c.ReplaceSyntaxTree(tree, Compiler.parse "Net.cs" (declaration.Replace("Conv3d(8,", "Conv3d(16,")))

            Expect.contains
                (reasons (rerun change))
                ("Parse", IncrementalStepRunReason.Modified)
                "the network was parsed anew"
        }

        test "a residual function that asks for other channels is seen by the networks of another file" {
            let change (c: CSharpCompilation) =
                let tree = Seq.head c.SyntaxTrees

                c.ReplaceSyntaxTree(
                    tree,
                    Compiler.parse "Net.cs" (declaration.Replace("[BatchNorm,", "[GroupNorm(3),"))
                )

            let changed = reasons (rerun change)

            Expect.equal
                (changed
                 |> List.filter (fun (_, reason) -> reason = IncrementalStepRunReason.Modified)
                 |> List.countBy fst)
                [ "Parse", 3; "Validate", 3 ]
                "the function, the network, and the elongated network, which stands in a file that did not change"
        }

        test "an elongated network follows the one that it elongates" {
            let change (c: CSharpCompilation) =
                let tree = Seq.head c.SyntaxTrees
                c.ReplaceSyntaxTree(tree, Compiler.parse "Net.cs" (declaration.Replace("Conv3d(8,", "Conv3d(16,")))

            let text =
                (rerun change).GeneratedSources
                |> Seq.find (fun source -> source.HintName = "Sample.Long.g.cs")
                |> _.SourceText.ToString()

            Expect.stringContains text "nn.Conv3d(6, 16," "the base's new channels"
        }

        test "the analyzer judges what the generator wrote out" {
            // It sees the class after its completion, the generator before: both read the same declaration.
            let before = start ()
            let _, after, _ = Compiler.driver().RunGeneratorsAndUpdateCompilation before

            for name, kind in
                [
                    "Sample.Net", DeclarationKind.Network
                    "Sample.Long", DeclarationKind.Network
                    "Sample.F", DeclarationKind.ResidualFunction
                ] do
                let parsed (compilation: Compilation) =
                    DeclarationParser.Parse(nonNull (compilation.GetTypeByMetadataName name), kind)

                Expect.isTrue ((parsed before).Equals(parsed after)) $"{name} before and after"
        }

        test "nothing of the compiler is kept in what was parsed" {
            // A kept symbol, node or location holds a whole compilation in the editor's memory.
            let first = start ()
            let result = (Compiler.driver().RunGenerators first).GetRunResult().Results[0]

            for name in steps do
                for step in result.TrackedSteps[name] do
                    for struct (value, _) in step.Outputs do
                        let objects = reachable value
                        Expect.isGreaterThan objects.Length 10 "the model was searched"

                        for path, found in objects do
                            match found with
                            | :? ISymbol
                            | :? SyntaxNode
                            | :? SyntaxTree
                            | :? Location
                            | :? Compilation -> failtest $"{name}{path} holds a {found.GetType()}"
                            | _ -> ()
        }
    ]
