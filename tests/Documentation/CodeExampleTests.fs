/// Code of the pages other than declaring-networks.md: C# compiles, what is quoted is what stands in the source, F# is type-checked.
module Iqt.Tests.Documentation.CodeExampleTests

open System
open System.Diagnostics
open System.IO
open System.Text.RegularExpressions
open Expecto
open Microsoft.CodeAnalysis
open Iqt.Tests
open Iqt.Tests.Generators
open Iqt.Tests.Documentation.MarkdownPage

let private root = Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, "..", ".."))

let private page (name: string) =
    pages.Value |> List.find (fun page -> page.Path = Path.Combine(root, name))

let private blocks language name =
    (page name).Blocks
    |> List.filter (fst >> (=) language)
    |> List.map (snd >> String.concat "\n")

// Every C# block with the page that it stands in; the rules' pages and declaring-networks.md have tests of their own.
let private csharp = [
    for name in [ "README.md"; "docs/getting-started.md"; "docs/generated-code.md" ] do
        for block in blocks "csharp" name @ blocks "cs" name -> name, block
]

let private usings =
    "using System;\nusing Iqt.Models;\nusing Iqt.Reversible;\nusing Iqt.Training;\nusing TorchSharp;\nusing static TorchSharp.torch;\nnamespace Sample;\n"

let private diagnostics (code: string) = [
    let compilation =
        (Compiler.compilation [
            Compiler.parse
                "Example.cs"
                (if code.Contains "\nnamespace " then // a whole file
                     code
                 else
                     usings + code)
        ])
            .AddReferences
            [
                for t in [ typeof<Iqt.Models.EspcnRn>; typeof<Iqt.Training.PatchBatch> ] ->
                    MetadataReference.CreateFromFile t.Assembly.Location :> MetadataReference
            ]

    for d in compilation.GetDiagnostics() do
        // CS1701 tells of versions of assemblies that differ; the SDK silences it in every build.
        if d.Severity >= DiagnosticSeverity.Warning && d.Id <> "CS1701" then
            string d
]

let private bare (code: string) = Regex.Replace(code, @"\s+", "")

// Long lines are broken in a page and comments put behind them: spaces don't count, nor what stands behind three of them
// and two slashes.
let private quoted (block: string) = [
    for part in Regex.Split(block, @"^\s*// ….*$", RegexOptions.Multiline) do
        bare (Regex.Replace(part, @"   // .*$", "", RegexOptions.Multiline))
]

/// Whether the parts stand in a source one after the other; a comment that begins with … stands for what is left out
/// between two parts.
let private stands (source: string) (parts: string list) =
    let rec from (at: int) parts =
        match parts with
        | [] -> true
        | (part: string) :: rest ->
            match source.IndexOf(part, at, StringComparison.Ordinal) with
            | -1 -> false
            | found -> from (found + part.Length) rest

    from 0 parts

let private sources =
    lazy
        (let models = [
            for path in Directory.GetFiles(Path.Combine(root, "models"), "*.cs") ->
                nonNull (Path.GetFileName path), File.ReadAllText path
         ]

         let _, result = Compiler.buildFiles models
         List.map bare (List.map snd models @ [ for tree in result.GeneratedTrees -> tree.ToString() ]))

let private isQuoted block =
    sources.Value |> List.exists (fun source -> stands source (quoted block))

// A use stands in a method that gives it an input and a target, and in a class with a loss.
let private asUse code =
    $"static class Use {{ static Tensor Loss(Tensor output, Tensor target) => nn.functional.mse_loss(output, target);\npublic static void Run(Tensor input, Tensor target) {{\n{code}\n}} }}"

let private compiles (block: string) =
    let code = if block.Contains "class " then block else asUse block
    diagnostics code

[<Tests>]
let tests =
    testList "documentation/code examples" [
        test "every C# example compiles, or stands so in the models or in what is generated of them" {
            Expect.isGreaterThan csharp.Length 6 "examples"

            for name, block in csharp do
                if not (isQuoted block) then
                    Expect.equal (compiles block) [] $"{name}:\n{block}"
        }

        test "no page has C# that no test looks at" {
            let looked =
                Set [
                    "README.md"
                    "getting-started.md"
                    "generated-code.md"
                    "declaring-networks.md"
                ]

            for page in pages.Value do
                let name = nonNull (Path.GetFileName page.Path)

                if
                    page.Blocks
                    |> List.exists (fun (language, _) -> language = "csharp" || language = "cs")
                then
                    if not (name.StartsWith("IQT", StringComparison.Ordinal)) then
                        Expect.isTrue (looked.Contains name) $"{page.Path} is named in tests/Documentation"
        }

        test "an example that has rotted is found" {
            let isIn (source: string) block = stands (bare source) (quoted block)
            let source = "int a = 1;\nint b = 2;\nint c = 3;"
            Expect.isTrue (isIn source "int a\n    = 1;   // one\n// … b\nint c = 3;") "left out"
            Expect.isFalse (isIn source "int a = 1;\nint c = 3;") "left out without a word"
            Expect.isFalse (isIn source "int c = 3;\n// …\nint a = 1;") "in another order"
            Expect.isFalse (isIn source "int a = 2;") "another line"
            Expect.isNonEmpty (compiles "using var network = new EspcnRn(depth: 4);") "a parameter that is not there"
        }

        test "F# examples and scripts are type-checked" {
            TestData.inTemporaryFolder (fun folder ->
                let examples = [
                    for i, (name, block) in
                        List.indexed [
                            for page in pages.Value do
                                for language, lines in page.Blocks do
                                    if language = "fsharp" then
                                        page.Path, String.concat "\n" lines
                        ] do
                        let path = Path.Combine(folder, $"Example{i}.fsx")
                        File.WriteAllText(path, $"// {name}\n{block}")
                        path
                ]

                Expect.isNonEmpty examples "examples"

                let command =
                    Path.GetDirectoryName typeof<Iqt.Cli.Streams>.Assembly.Location |> nonNull

                let info =
                    ProcessStartInfo("dotnet", RedirectStandardOutput = true, RedirectStandardError = true)

                // #I in the scripts names a build; here it is the one beside the tests.
                for path in Directory.GetFiles(Path.Combine(root, "cli", "scripts"), "*.fsx") do
                    let text = File.ReadAllText path
                    let copy = Path.Combine(folder, nonNull (Path.GetFileName path))
                    File.WriteAllText(copy, text.Replace("#I \"../Iqt/bin/Release/net10.0\"", $"#I @\"{command}\""))

                let last = Path.Combine(folder, "last.fsx")
                File.WriteAllText(last, "let nothing = ()")

                for argument in [ "fsi"; "--typecheck-only"; $"--lib:{command}" ] do
                    info.ArgumentList.Add argument

                for path in Directory.GetFiles(folder, "*.fsx") |> Array.sort do
                    if path <> last then
                        info.ArgumentList.Add $"--load:{path}"

                for argument in [ "--exec"; last ] do
                    info.ArgumentList.Add argument

                use check = nonNull (Process.Start info)
                let out = check.StandardOutput.ReadToEndAsync()
                let error = check.StandardError.ReadToEnd()
                check.WaitForExit()
                Expect.equal check.ExitCode 0 (out.Result + error)
                Expect.isFalse (error.Contains "error FS") error)
        }
    ]
