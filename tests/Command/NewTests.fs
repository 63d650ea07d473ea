module Iqt.Tests.Command.NewTests

open System.IO
open System.Text.RegularExpressions
open Expecto
open Iqt.Cli
open Iqt.Tests
open Iqt.Tests.Command.CommandLine

[<Tests>]
let tests =
    testList "command/new" [
        test "writes a project that references the package of this version, and names no feed of its own" {
            TestData.inTemporaryFolder (fun folder ->
                let project = Path.Combine(folder, "p")
                let document = json (succeeds [ "new"; "MyDtiNet"; "--out"; project; "--json" ])
                Expect.equal (document.GetProperty("network").GetString()) "my-dti-net" "name on the command line"

                let files =
                    Directory.GetFiles project
                    |> Array.map (fun path -> string (Path.GetFileName path))

                Expect.equal
                    (Set files)
                    (Set [
                        "MyDtiNet.csproj"
                        "MyDtiNetNetwork.cs"
                        "Bottleneck.cs"
                        "Program.cs"
                        "README.md"
                        ".gitignore"
                    ])
                    "files"

                let own =
                    (nonNull (typeof<Iqt.Reversible.Network>.Assembly.GetName().Version)).ToString 3

                Expect.stringContains
                    (File.ReadAllText(Path.Combine(project, "MyDtiNet.csproj")))
                    $"Include=\"Iqt.Reversible\" Version=\"{own}\""
                    "the package"

                for file in files do
                    let text = File.ReadAllText(Path.Combine(project, file))
                    Expect.isFalse (text.Contains "{{") $"{file} has no gap left"
                    Expect.isFalse (Regex.IsMatch(text, "https?://")) $"{file} names no host")
        }

        for name in [ "Math"; "Tensor"; "Console"; "CheckResult"; "Network"; "Iqt"; "Vessels\n" ] do
            test $"refuses the name %A{name}, with which the project would not build" {
                TestData.inTemporaryFolder (fun folder ->
                    let out = Path.Combine(folder, "p")
                    let outcome = iqt [ "new"; name; "--out"; out ]
                    Expect.equal outcome.Code ExitCode.Usage outcome.Error
                    Expect.isFalse (Directory.Exists out) "nothing is written")
            }

        test "takes the newest version of a feed, a release before its candidates" {
            TestData.inTemporaryFolder (fun folder ->
                let feed = Path.Combine(folder, "feed & more")
                Directory.CreateDirectory feed |> ignore

                for version in [ "0.9.0"; "0.10.0-rc1"; "0.10.0" ] do
                    File.WriteAllText(Path.Combine(feed, $"Iqt.Reversible.{version}.nupkg"), "")

                let project = Path.Combine(folder, "p")

                let document =
                    json (succeeds [ "new"; "Net"; "--out"; project; "--feed"; feed; "--json" ])

                Expect.equal (document.GetProperty("packageVersion").GetString()) "0.10.0" "version"
                let config = System.Xml.Linq.XDocument.Load(Path.Combine(project, "nuget.config"))
                let source = config.Descendants "add" |> Seq.exactlyOne
                Expect.equal (nonNull (source.Attribute "value")).Value feed "the folder")
        }

        test "names the libtorch that the repository is locked to" {
            let paket = Path.Combine(__SOURCE_DIRECTORY__, "..", "..", "paket.lock")
            let locked = Regex.Match(File.ReadAllText paket, @"libtorch-cpu-linux-x64 \((.+)\)")
            Expect.equal ProjectTemplate.libtorchVersion locked.Groups[1].Value "paket.lock"
        }

        for name in [ "my-net"; "1Net"; "net"; "A.B"; "Ne t"; "../X" ] do
            test $"refuses the name '{name}'" { refuses ExitCode.Usage [ "capital first" ] [ "new"; name ] }

        test "refuses a name that the project's own types have" {
            refuses ExitCode.Usage [ "Bottleneck" ] [ "new"; "Bottleneck" ]
        }

        test "refuses a folder that holds something, and leaves it alone" {
            TestData.inTemporaryFolder (fun folder ->
                File.WriteAllText(Path.Combine(folder, "thesis.txt"), "x")
                refuses ExitCode.Data [ folder; "new or empty" ] [ "new"; "Net"; "--out"; folder ]
                Expect.equal (Directory.GetFiles(folder).Length) 1 "nothing was written")
        }

        test "refuses a feed without the package" {
            TestData.inTemporaryFolder (fun folder ->
                refuses ExitCode.Data [ folder; "Iqt.Reversible.*.nupkg"; "dotnet pack" ] [
                    "new"
                    "Net"
                    "--out"
                    Path.Combine(folder, "p")
                    "--feed"
                    folder
                ])
        }
    ]
