/// The package as a stranger meets it: packed into a folder, referenced from a project outside the repository.
module Iqt.Tests.Package.PackageTests

open System
open System.IO
open System.IO.Compression
open System.Text.RegularExpressions
open Expecto
open Iqt.Tests
open Iqt.Tests.Command.CommandLine
open Iqt.Tests.Package.DotnetProcess

// A version that no cache has seen.
let private version = $"0.1.0-test{Environment.ProcessId}"

let private pack (feed: string) (cache: string) =
    try
        succeeds root cache [
            "pack"
            Path.Combine("core", "Reversible")
            "--no-build"
            "-c"
            configuration
            "-o"
            feed
            $"-p:PackageVersion={version}"
        ]
        |> ignore
    finally
        File.Delete(Path.Combine(root, "core", "Reversible", "obj", configuration, $"Iqt.Reversible.{version}.nuspec"))

    Path.Combine(feed, $"Iqt.Reversible.{version}.nupkg")

let private losses (output: string) = [
    for line in Regex.Matches(output, @"step +\d+  loss (\S+)") -> float line.Groups[1].Value
]

[<Tests>]
let tests =
    testSequenced
    <| testList "package" [
        test
            "of Iqt.Reversible: its contents, a project from iqt new that checks, trains and is a plugin, a broken rule" {
            TestData.inTemporaryFolder (fun folder ->
                let at name = Path.Combine(folder, name)
                let cache = at "cache"
                use package = ZipFile.OpenRead(pack (at "feed") cache)
                let entries = package.Entries |> Seq.map _.FullName |> Set

                for entry in
                    [
                        "lib/net10.0/Iqt.Reversible.dll"
                        "lib/net10.0/Iqt.Reversible.xml"
                        "analyzers/dotnet/cs/Iqt.Generators.dll"
                        "analyzers/dotnet/cs/Iqt.Generators.CodeFixes.dll"
                        "analyzers/dotnet/cs/diagnostics/IQT001.md"
                        "README.md"
                        "LICENSE"
                    ] do
                    Expect.contains entries entry "contents"

                let specification =
                    use reader =
                        new StreamReader((nonNull (package.GetEntry "Iqt.Reversible.nuspec")).Open())

                    reader.ReadToEnd()

                Expect.equal
                    [
                        for dependency in Regex.Matches(specification, "<dependency id=\"([^\"]+)\"") ->
                            dependency.Groups[1].Value
                    ]
                    [ "TorchSharp" ]
                    "dependencies: no natives, no compiler, no F#"

                let project = at "Vessels"

                Iqt.Tests.Command.CommandLine.succeeds [ "new"; "Vessels"; "--out"; project; "--feed"; at "feed" ]
                |> ignore

                // A module of the user's own, without a word about it.
                File.WriteAllText(
                    Path.Combine(project, "Gate.cs"),
                    "namespace Vessels; public sealed class Gate { public int Value { get; set; } }"
                )

                let build () =
                    dotnet project cache [ "build"; "-c"; "Release" ]

                let code, output = build ()
                Expect.equal code 0 output
                Expect.stringContains output "0 Warning(s)" "a build without warnings"

                let trained =
                    succeeds project cache [ "run"; "-c"; "Release"; "--no-build"; "--"; "30" ]

                Expect.isFalse (trained.Contains "FAILS") trained
                let losses = losses trained
                Expect.isLessThan (List.last losses) (0.5 * List.head losses) "training lowers the loss"

                let plugin = Path.Combine(project, "bin", "Release", "net10.0", "Vessels.dll")

                let outcome =
                    Iqt.Tests.Command.CommandLine.succeeds [ "check"; "vessels"; "--plugin"; plugin; "--json" ]

                Expect.isTrue ((json outcome).GetProperty("holds").GetBoolean()) outcome.Out

                let cached = Path.Combine(cache, "iqt.reversible", version)
                Expect.isTrue (Directory.Exists cached) "what the project was built with"
                pack (at "again") cache |> ignore
                Expect.isFalse (Directory.Exists cached) "a package packed anew replaces it"

                // A network that takes even edges only.
                let network = Path.Combine(project, "VesselsNetwork.cs")
                let declared = File.ReadAllText network

                File.WriteAllText(
                    network,
                    declared.Replace("[Conv3d(48, Kernel = 3)]", "[Squeeze(2), Unsqueeze(2), Conv3d(48, Kernel = 3)]")
                )

                Expect.stringContains
                    (succeeds project cache [ "run"; "-c"; "Release"; "--"; "1" ])
                    "training on 12³ voxels, of which it predicts 16³ of 24³"
                    "an edge that fits"

                // An odd number of channels before a stack, in a project that knows only the package.
                let odd = declared.Replace("Conv3d(32,", "Conv3d(33,")
                File.WriteAllText(network, odd)

                let line =
                    1
                    + Array.findIndexBack (fun (line: string) -> line.Contains "[Stack<") (odd.Split '\n')

                let code, output = build ()
                Expect.equal code 1 output
                Expect.stringContains output $"VesselsNetwork.cs({line},6): error IQT009" "the rule, at the stack"
                Expect.isFalse (Regex.IsMatch(output, "error CS")) $"no other error: {output}"

                let page = Regex.Match(output, @"\((file://\S+IQT009\.md)\)")
                Expect.isTrue page.Success $"a link to the rule's page: {output}"
                Expect.isTrue (File.Exists(Uri(page.Groups[1].Value).LocalPath)) $"the page {page.Value}"

                // The compiler's own errors must not keep the rule from being said.
                File.WriteAllText(network, odd.Replace("sealed partial class", "sealed class").Replace("33", "32"))
                let code, output = build ()
                Expect.equal code 1 output
                Expect.stringContains output "error IQT001" "the rule beside CS0751 and CS9248")
        }
    ]
