/// The pages of the rules say what the rules do: what a page says breaks its rule does, and what it says keeps it compiles.
module Iqt.Tests.Generators.PageTests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto

let private folder =
    Path.Combine(__SOURCE_DIRECTORY__, "..", "..", "docs", "diagnostics")

let private fence =
    Regex(
        @"^(Breaks the rule|Keeps it):\s*((?:```csharp\n.*?```\s*)+)",
        RegexOptions.Multiline ||| RegexOptions.Singleline
    )

let private code = Regex(@"```csharp\n(.*?)```", RegexOptions.Singleline)

/// What stands under a heading, one text for each file.
let private examples (page: string) heading = [
    for found in fence.Matches page do
        if found.Groups[1].Value = heading then
            for block in code.Matches found.Groups[2].Value -> block.Groups[1].Value
]

let private bottleneck =
    "[ResidualFunction] public sealed partial class Bottleneck { [BatchNorm, Relu, Conv3d(Kernel = 3, Padding = 1)] private partial Layers Only { get; } }\n"

// Classes stand for themselves; members get a class around them, and a stack before them what it needs.
let private complete (example: string) =
    let hasBottleneck = Regex.IsMatch(example, @"class Bottleneck\b")

    let body =
        if Regex.IsMatch(example, @"\b(class|record)\b") then
            example
        elif example.Contains "partial Layers" then
            $"[ResidualFunction] public sealed partial class Function {{\n{example}\n}}"
        else
            $"[Network(\"net\", InputChannels = 6)] public sealed partial class Net {{\n{example}\n}}"

    let espcn =
        if example.Contains "<Espcn>" && not (Regex.IsMatch(example, @"class Espcn\b")) then
            "[Network(\"espcn\", InputChannels = 6)] public sealed partial class Espcn { [Conv3d(50, Kernel = 3), Relu] private partial Segment Layer1 { get; } [Conv3d(48)] private partial Segment Layer2 { get; } }\n"
        else
            ""

    "using Iqt.Reversible;\nusing TorchSharp;\nusing static TorchSharp.torch;\nnamespace Sample;\n"
    + (if hasBottleneck || not (example.Contains "Bottleneck") then
           ""
       else
           bottleneck)
    + espcn
    + body

let private compile (examples: string list) =
    let files = [
        for i, example in List.indexed examples ->
            let text =
                if i = 0 then
                    complete example
                elif example.StartsWith("namespace ", StringComparison.Ordinal) then
                    example
                else
                    Compiler.preamble + example

            $"File{i}.cs", text
    ]

    fst (Compiler.buildFiles files)

[<Tests>]
let tests =
    testList "generators/pages" [
        for file in Directory.GetFiles(folder, "IQT*.md") |> Array.sort do
            let rule = nonNull (Path.GetFileNameWithoutExtension file)
            let page = File.ReadAllText file

            test $"{rule}: what the page says breaks the rule" {
                let broken = examples page "Breaks the rule"
                Expect.isNonEmpty broken "an example"
                let found = compile broken

                let others =
                    found
                    |> List.filter (fun d ->
                        d.Id <> rule
                        && not (
                            // Nothing completes these, which the compiler says too.
                            (rule = "IQT001" || rule = "IQT031")
                            && d.Id.StartsWith("CS", StringComparison.Ordinal)
                        ))

                Expect.equal (others |> List.map string) [] "no other"
                let hits = found |> List.filter (fun d -> d.Id = rule)
                Expect.hasLength hits 1 "once"

                let line = hits.Head.Location.GetLineSpan().StartLinePosition.Line
                let text = (nonNull hits.Head.Location.SourceTree).GetText().Lines[line].ToString()
                Expect.stringContains text $"// {rule}" "at the line that the page marks"
            }

            test $"{rule}: what the page says keeps it" {
                let kept = examples page "Keeps it"
                Expect.isNonEmpty kept "an example"
                Expect.equal (compile kept |> List.map string) [] "compiles without a word"
            }
    ]
