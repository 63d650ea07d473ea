module Iqt.Tests.Command.PluginTests

open System
open System.IO
open System.Reflection
open Microsoft.CodeAnalysis
open Microsoft.CodeAnalysis.CSharp
open Expecto
open Iqt.Cli
open Iqt.Reversible
open Iqt.Tests
open Iqt.Tests.Generators
open Iqt.Tests.Command.CommandLine

/// A plugin beside the tests: the networks that they declare.
let private networks =
    Path.Combine(AppContext.BaseDirectory, "Iqt.Tests.Networks.dll")

let private emit (path: string) (compilation: CSharpCompilation) =
    let result = compilation.Emit path
    Expect.isTrue result.Success $"{List.ofSeq result.Diagnostics}"

/// Compiles a plugin that was never near the generator.
let private compile (path: string) (source: string) =
    emit path (Compiler.compilation [ Compiler.parse "Plugin.cs" source ])

let private inFolder action =
    TestData.inTemporaryFolder (fun folder -> action folder (Path.Combine(folder, "Plugin.dll")))

let private listing plugins =
    "networks" :: List.collect (fun path -> [ "--plugin"; path ]) plugins

[<Tests>]
let tests =
    testList "command/plugin" [
        test "its networks are listed, described and checked beside the command's own" {
            let names = [
                for network in (json (succeeds (listing [ networks ] @ [ "--json" ]))).EnumerateArray() do
                    string (network.GetProperty("name").GetString())
            ]

            let own = [
                for network in (json (succeeds [ "networks"; "--json" ])).EnumerateArray() do
                    string (network.GetProperty("name").GetString())
            ]

            let added = List.except own names
            Expect.isNonEmpty added "networks of the plugin"
            Expect.containsAll names own "the command's own"

            let document =
                json (succeeds [ "check"; added.Head; "--plugin"; networks; "--json" ])

            Expect.isTrue (document.GetProperty("holds").GetBoolean()) "a plugin's network is checked"
        }

        test "a plugin named twice counts once" { succeeds (listing [ networks; networks ]) |> ignore }

        test "a missing file" {
            refuses ExitCode.Data [ "/none/X.dll"; "no such file"; "build the project" ] (listing [ "/none/X.dll" ])
        }

        test "a folder" {
            let folder = nonNull (Path.GetDirectoryName networks)
            refuses ExitCode.Data [ folder; "is a folder"; "Name the .dll" ] (listing [ folder ])
        }

        test "a file that is not .NET" {
            inFolder (fun _ path ->
                File.WriteAllText(path, "no assembly")
                refuses ExitCode.Data [ path; "no .NET assembly" ] (listing [ path ]))
        }

        test "a native library" {
            let native =
                Path.Combine(AppContext.BaseDirectory, "runtimes/linux-x64/native/libLibTorchSharp.so")

            let native =
                if File.Exists native then
                    native
                else
                    Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so")

            refuses ExitCode.Data [ native; "no .NET assembly" ] (listing [ native ])
        }

        test "an assembly that does not use Iqt" {
            inFolder (fun _ path ->
                compile path "public sealed class C;"
                refuses ExitCode.Data [ path; "does not use Iqt.Reversible"; "iqt new" ] (listing [ path ]))
        }

        test "an assembly that uses Iqt and declares nothing" {
            inFolder (fun _ path ->
                compile path "public sealed class C { public Iqt.Reversible.Network? N; }"
                refuses ExitCode.Data [ path; "no declared network"; "[Network]" ] (listing [ path ]))
        }

        test "built against another version" {
            inFolder (fun folder path ->
                let other = Path.Combine(folder, "other.dll")

                let source =
                    "[assembly: System.Reflection.AssemblyVersion(\"9.9.9.0\")] namespace Iqt.Reversible { public class Network; }"

                emit
                    other
                    ((Compiler.compilation [ Compiler.parse "Other.cs" source ])
                        .RemoveAllReferences()
                        .AddReferences(MetadataReference.CreateFromFile typeof<obj>.Assembly.Location)
                        .WithAssemblyName
                        "Iqt.Reversible")

                let plugin =
                    (Compiler.compilation [ Compiler.parse "P.cs" "public sealed class P : Iqt.Reversible.Network;" ])
                        .RemoveAllReferences()
                        .AddReferences(
                            MetadataReference.CreateFromFile typeof<obj>.Assembly.Location,
                            MetadataReference.CreateFromFile other
                        )

                emit path plugin
                let own = (nonNull (typeof<Network>.Assembly.GetName().Version)).ToString 3
                refuses ExitCode.Data [ path; "Iqt.Reversible 9.9.9"; own; "Build it again" ] (listing [ path ]))
        }

        test "a name that the command has" {
            let models = Path.Combine(AppContext.BaseDirectory, "Iqt.Models.dll")
            refuses ExitCode.Data [ models; "has the name of a network of this command"; "Rename" ] (listing [ models ])
        }

        test "a name that another plugin has" {
            inFolder (fun _ path ->
                File.Copy(networks, path)
                refuses ExitCode.Data [ path; networks; "Rename" ] (listing [ networks; path ]))
        }

        test "one that is older than its source is used, and said" {
            inFolder (fun folder path ->
                let source, written =
                    Path.Combine(folder, "Pnet.cs"), Path.Combine(folder, "obj", "Pnet.g.cs")

                let symbols = nonNull (Path.ChangeExtension(path, ".pdb"))

                let declaration =
                    "public sealed class Pnet : Iqt.Reversible.IDeclaredNetwork { public static Iqt.Reversible.NetworkDeclaration Declaration => new(\"pnet\", \"\", typeof(Pnet), [], (_, _, _) => new Iqt.Models.Espcn()); }"

                let parse (file: string) (text: string) =
                    Directory.CreateDirectory(nonNull (Path.GetDirectoryName file)) |> ignore
                    File.WriteAllText(file, text)

                    CSharpSyntaxTree.ParseText(
                        Microsoft.CodeAnalysis.Text.SourceText.From(
                            text,
                            System.Text.UTF8Encoding false,
                            Microsoft.CodeAnalysis.Text.SourceHashAlgorithm.Sha256
                        ),
                        path = file
                    )

                let plugin =
                    (Compiler.compilation [ parse source declaration; parse written "class Written;" ])
                        .AddReferences(MetadataReference.CreateFromFile typeof<Iqt.Models.Espcn>.Assembly.Location)

                (use image = File.Create path
                 use pdb = File.Create symbols
                 let format = Emit.DebugInformationFormat.PortablePdb

                 let result =
                     plugin.Emit(
                         image,
                         pdb,
                         options = Emit.EmitOptions(debugInformationFormat = format, pdbFilePath = symbols)
                     )

                 Expect.isTrue result.Success $"{List.ofSeq result.Diagnostics}")

                let said () = (succeeds (listing [ path ])).Error
                Expect.equal (said ()) "" "as it was built"
                File.AppendAllText(written, " ")
                Expect.equal (said ()) "" "what the build writes is its own affair"
                File.AppendAllText(source, " ")
                Expect.stringContains (said ()) $"{path} was built before Pnet.cs changed" "which, and of what"
                Expect.stringContains (said ()) "dotnet build" "the remedy"
                File.WriteAllText(symbols, "damaged")
                Expect.equal (said ()) "" "nothing is known")
        }

        test "a declaration that throws" {
            inFolder (fun _ path ->
                compile
                    path
                    "public sealed class Bad : Iqt.Reversible.IDeclaredNetwork { public static Iqt.Reversible.NetworkDeclaration Declaration => throw new System.InvalidOperationException(\"boom\"); }"

                refuses ExitCode.Data [ path; "boom" ] (listing [ path ]))
        }

        test "IQT_PLUGINS names plugins for every command" {
            let variable = "IQT_PLUGINS"
            let before = Environment.GetEnvironmentVariable variable

            try
                Environment.SetEnvironmentVariable(variable, $"{networks}{Path.PathSeparator}")
                Expect.equal (Plugins.ofEnvironment ()) [ networks ] "empty entries are no plugins"
            finally
                Environment.SetEnvironmentVariable(variable, before)
        }
    ]
