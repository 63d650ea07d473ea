/// The files of a project of the user's own, with the names filled in.
module Iqt.Cli.ProjectTemplate

open System
open System.IO
open System.Reflection
open System.Text.RegularExpressions

/// The natives that the written project references: those that this command was built with (paket.lock).
let libtorchVersion = "2.10.0"

/// What the project is written with.
type ProjectNames = {
    /// Namespace, and the beginning of the network's class.
    Name: string
    /// Version of the package Iqt.Reversible.
    PackageVersion: string
    /// Folder with that package; none if a source of the user's NuGet configuration has it.
    Feed: string option
} with

    /// MyNet is my-net on the command line.
    member this.NetworkName =
        Regex.Replace(this.Name, "(?<=[a-z0-9])([A-Z])|(?<=[A-Z])([A-Z])(?=[a-z])", "-$1$2").ToLowerInvariant()

let private read (template: string) =
    match Assembly.GetExecutingAssembly().GetManifestResourceStream template with
    | null -> invalidOp $"the command lacks its template {template}"
    | stream ->
        use reader = new StreamReader(stream)
        reader.ReadToEnd()

let private fill (names: ProjectNames) (text: string) =
    [
        "Name", names.Name
        "NetworkName", names.NetworkName
        "PackageVersion", names.PackageVersion
        "LibtorchVersion", libtorchVersion
        "Feed",
        names.Feed
        |> Option.map (fun feed -> string (Security.SecurityElement.Escape feed))
        |> Option.defaultValue ""
    ]
    |> List.fold (fun (text: string) (key, value) -> text.Replace("{{" + key + "}}", value)) text

/// Names that the project's code uses itself: the namespace of a project that had one of them would hide it.
let usedNames: Lazy<Set<string>> =
    lazy
        (Set [
            for template in [ "Network.cs"; "Bottleneck.cs"; "Program.cs" ] do
                for line in (read template).Split '\n' do
                    if not (line.TrimStart().StartsWith("//", StringComparison.Ordinal)) then
                        for word in Regex.Matches(line, @"\b[A-Z]\w*") do
                            word.Value
        ])

/// Every file of the project: its name and its text.
let files (names: ProjectNames) : (string * string) list =
    [
        $"{names.Name}.csproj", "Project.csproj"
        $"{names.Name}Network.cs", "Network.cs"
        "Bottleneck.cs", "Bottleneck.cs"
        "Program.cs", "Program.cs"
        "README.md", "README.md"
        ".gitignore", "gitignore"
        if names.Feed.IsSome then
            "nuget.config", "nuget.config"
    ]
    |> List.map (fun (file, template) -> file, fill names (read template))
