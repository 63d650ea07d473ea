/// The examples of docs/declaring-networks.md: they compile, are built, and compute the same in every mode.
module Iqt.Tests.Documentation.DeclarationPageTests

open System
open System.IO
open System.Reflection
open System.Text.RegularExpressions
open Expecto
open Microsoft.CodeAnalysis
open Iqt.Reversible
open Iqt.Tests.Generators

let private page =
    Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, "..", "..", "docs", "declaring-networks.md"))

let private blocks = [
    for block in Regex.Matches(File.ReadAllText page, "```csharp\n(.*?)```", RegexOptions.Singleline) ->
        block.Groups[1].Value
]

// What the page says that every file begins with is what the examples are compiled under, and nothing else.
let private usings, private examples =
    let usings, examples =
        blocks
        |> List.partition (fun block -> Regex.IsMatch(block, @"^(using (static )?[\w.]+;\n)+$"))

    String.concat "" usings + "namespace Sample;\n", examples

let private isDeclaration (example: string) = example.Contains " class "

/// A use stands in a method that gives it an input and a target.
let private file i example =
    let code =
        if isDeclaration example then
            example
        else
            $"static class Use{i} {{ public static void Run(Tensor input, Tensor target) {{\n{example}\n}} }}"

    Compiler.parse $"Example{i}.cs" (usings + code)

let private compiled =
    lazy
        (let before = Compiler.compilation (List.mapi file examples)
         let _, after, _ = Compiler.driver().RunGeneratorsAndUpdateCompilation before
         after)

let private assembly =
    lazy
        (use stream = new MemoryStream()
         let result = compiled.Value.Emit stream

         if not result.Success then
             failtestf "%A" result.Diagnostics

         Assembly.Load(stream.ToArray()))

[<Tests>]
let tests =
    testList "documentation/declaring networks" [
        test "every example compiles without a warning" {
            let diagnostics = [
                for d in compiled.Value.GetDiagnostics() do
                    if d.Severity >= DiagnosticSeverity.Warning then
                        string d
            ]

            Expect.equal diagnostics [] "diagnostics"
        }

        test "every network of the page computes in every mode what one graph computes" {
            let declarations = NetworkCatalog([ assembly.Value ]).Declarations

            let declared =
                examples
                |> List.sumBy (fun e -> Regex.Matches(e, @"\[(Network\(|Elongate<)").Count)

            Expect.equal declarations.Count declared "networks"

            for declaration in declarations do
                let check = NetworkCheck declaration

                for result in Seq.concat [ check.Outputs(); check.Gradients(); check.Inversions() ] do
                    Expect.isTrue
                        result.Holds
                        $"{declaration.Name}: {result.Property} of {result.Subject}: {result.Error} against {result.Tolerance}"
        }

        test "every attribute of a declaration has an example" {
            let shown = String.concat "\n" (examples |> List.filter isDeclaration)

            let missing = [
                for t in typeof<NetworkAttribute>.Assembly.GetExportedTypes() do
                    if
                        t.IsSubclassOf typeof<Attribute>
                        && not t.IsAbstract
                        && t <> typeof<DeclarationDescriptionAttribute>
                    then
                        let name = t.Name.Split('`')[0]
                        let name = name.Substring(0, name.Length - "Attribute".Length)

                        if not (Regex.IsMatch(shown, $@"[\[ ]{name}[\(<,\]]")) then
                            name
            ]

            Expect.equal missing [] "attributes without an example in docs/declaring-networks.md"
        }
    ]
