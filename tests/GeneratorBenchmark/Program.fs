/// What the generator and its rules cost on 100 declared networks: a whole build, and a key stroke in an editor.
/// Run it on a quiet machine: dotnet run -c Release --project tests/GeneratorBenchmark
module Iqt.GeneratorBenchmark.Program

open System
open System.Collections.Immutable
open System.Diagnostics
open Microsoft.CodeAnalysis
open Microsoft.CodeAnalysis.CSharp
open Microsoft.CodeAnalysis.Diagnostics
open Iqt.Generators.Validation
open Iqt.Tests.Generators

let private networks = 100
let private repetitions = 15
let private warmUps = 10

/// Milliseconds of each repetition, in order of size.
let private measure (action: int -> unit) =
    // Until the runtime has compiled what is hot.
    for i in 1..warmUps do
        action -i

    Array.init repetitions (fun i ->
        GC.Collect()
        let clock = Stopwatch.StartNew()
        action i
        clock.Elapsed.TotalMilliseconds)
    |> Array.sort

let private print (what: string) (times: float[]) =
    printfn "%-58s %8.1f %8.1f %8.1f" what times[0] times[times.Length / 2] times[times.Length - 1]

let private sources = [|
    yield "Bottleneck.cs", Declarations.residualFunction

    for i in 1..networks do
        yield $"Net{i}.cs", Declarations.network i 50

    yield "Unrelated.cs", Declarations.unrelated "return 1;"
|]

let private replace (compilation: CSharpCompilation) (path: string) (source: string) =
    let old = compilation.SyntaxTrees |> Seq.find (fun tree -> tree.FilePath = path)
    compilation.ReplaceSyntaxTree(old, Compiler.parse path source)

let private expectGenerated (driver: GeneratorDriver) =
    let result = driver.GetRunResult()
    let files = result.GeneratedTrees.Length

    if files < networks then
        failwithf "%d files were generated for %d networks" files networks

    files

[<EntryPoint>]
let main _ =
    let clock = Stopwatch.StartNew()

    let compilation =
        Compiler.compilation [ for path, source in sources -> Compiler.parse path source ]
    // Binding of what the declarations name happens once in a build, generator or not.
    compilation.GetDiagnostics() |> ignore
    let prepared = clock.Elapsed.TotalMilliseconds

    clock.Restart()
    let first = Compiler.driver().RunGenerators compilation
    let cold = clock.Elapsed.TotalMilliseconds
    let files = expectGenerated first

    let lines =
        first.GetRunResult().GeneratedTrees
        |> Seq.sumBy (fun tree -> tree.GetText().Lines.Count)

    printfn "%d networks; %d generated files, %d lines" networks files lines

    printfn
        "first run, with the just-in-time compiler's work: %.0f ms (parsing and binding before it: %.0f ms)"
        cold
        prepared

    printfn ""
    printfn "%-58s %8s %8s %8s" "ms" "least" "median" "most"

    // A clone has bound nothing yet, as a compilation after an edit: what the generator asks for is bound within its time.
    measure (fun _ -> Compiler.driver().RunGenerators(compilation.Clone()) |> ignore)
    |> print "generator, everything anew"

    // A new body each time, so that nothing is answered from the repetition before.
    measure (fun i ->
        first.RunGenerators(replace compilation "Unrelated.cs" (Declarations.unrelated $"return {i + 100};"))
        |> ignore)
    |> print "generator, after an edit in a file without declarations"

    measure (fun i ->
        first.RunGenerators(replace compilation "Net7.cs" (Declarations.network 7 (100 + 2 * i)))
        |> ignore)
    |> print "generator, after an edit in one network"

    let analyzers = ImmutableArray.Create<DiagnosticAnalyzer>(DeclarationAnalyzer())

    measure (fun _ ->
        let found =
            compilation.Clone().WithAnalyzers(analyzers).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult()

        if found.Length > 0 then
            failwithf "a rule was broken: %O" found[0])
    |> print "rules, all networks"

    let mutable complete: Compilation = compilation
    let mutable problems = ImmutableArray<Diagnostic>.Empty

    Compiler.driver().RunGeneratorsAndUpdateCompilation(compilation, &complete, &problems)
    |> ignore

    measure (fun _ ->
        use stream = new IO.MemoryStream()
        // Without what an earlier repetition bound.
        let result = complete.Clone().Emit stream

        if not result.Success then
            failwithf "the generated code does not compile: %O" result.Diagnostics[0])
    |> print "for comparison: compiling all of it to an assembly"

    0
