/// Compiles declarations in memory, with the generator and the analyzer as a build has them.
module Iqt.Tests.Generators.Compiler

open System
open System.Collections.Immutable
open System.IO
open Microsoft.CodeAnalysis
open Microsoft.CodeAnalysis.CSharp
open Microsoft.CodeAnalysis.Diagnostics
open Iqt.Generators
open Iqt.Generators.Validation

let private references =
    lazy
        (let platform = string (AppContext.GetData "TRUSTED_PLATFORM_ASSEMBLIES")

         [|
             for path in platform.Split Path.PathSeparator do
                 let name = string (Path.GetFileName path)

                 if
                     name.StartsWith("System.", StringComparison.Ordinal)
                     || name = "netstandard.dll"
                     || name = "TorchSharp.dll"
                     || name = "Iqt.Reversible.dll"
                 then
                     MetadataReference.CreateFromFile path :> MetadataReference
         |])

let private options =
    CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.Parse)

/// Parses one file.
let parse (path: string) (source: string) =
    CSharpSyntaxTree.ParseText(source, options, path)

/// A compilation of the given files, before the generator ran.
let compilation (trees: SyntaxTree seq) =
    CSharpCompilation.Create(
        "Declarations",
        trees,
        references.Value,
        CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions = NullableContextOptions.Enable
        )
    )

/// A compilation of files that asks for documentation comments.
let documented (files: (string * string) list) =
    let options = options.WithDocumentationMode DocumentationMode.Diagnose

    let trees = [
        for path, source in files -> CSharpSyntaxTree.ParseText(source, options, path)
    ]

    (compilation []).AddSyntaxTrees trees

/// A driver that records its steps.
let driver () : GeneratorDriver =
    CSharpGeneratorDriver.Create(
        [ DeclarationGenerator().AsSourceGenerator() ],
        parseOptions = options,
        driverOptions = GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, true)
    )

let private run (adapt: CSharpCompilation -> CSharpCompilation) (files: (string * string) list) =
    let before = adapt (compilation [ for path, source in files -> parse path source ])
    let ran, after, raised = driver().RunGeneratorsAndUpdateCompilation before
    let analyzers = ImmutableArray.Create<DiagnosticAnalyzer>(DeclarationAnalyzer())

    let diagnostics =
        after.WithAnalyzers(analyzers).GetAllDiagnosticsAsync().GetAwaiter().GetResult()
        |> Seq.filter (fun d -> d.Severity >= DiagnosticSeverity.Warning)
        |> Seq.append raised
        // Where the generator and the analyzer both speak, the compiler prints the message once.
        |> Seq.distinctBy (fun d -> d.Id, d.Location.SourceSpan, d.Location.GetLineSpan().Path, d.GetMessage())
        |> Seq.toList

    diagnostics, ran.GetRunResult(), after

/// What the compiler and the rules report, and the generated files, for declarations in the given files.
let buildFiles files =
    let diagnostics, result, _ = run id files
    diagnostics, result

/// The same with the completed compilation, of a compilation with other options or references.
let compileAs adapt files =
    let diagnostics, _, after = run adapt files
    diagnostics, after

/// The same with the usual options.
let compile files = compileAs id files

/// What a completed compilation becomes.
let image (compilation: Compilation) =
    use stream = new MemoryStream()
    let emitted = compilation.Emit stream

    if not emitted.Success then
        failwith (String.concat "\n" (emitted.Diagnostics |> Seq.map string))

    stream.ToArray()

/// The usual usings and namespace.
let preamble = "using Iqt.Reversible;\nnamespace Sample;\n"

/// The same for one file with the usual usings and namespace in front.
let build (source: string) =
    buildFiles [ "Declaration.cs", preamble + source ]
