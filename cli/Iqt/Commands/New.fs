/// <c>iqt new</c>: a project of the user's own with one declared network.
module Iqt.Cli.Commands.New

open System
open System.IO
open System.Text.RegularExpressions
open Argu
open Iqt.Cli
open Iqt.Diffusion

type Arguments =
    | [<MainCommand; ExactlyOnce>] Name of NAME: string
    | [<Unique>] Out of DIR: string
    | [<Unique>] Feed of DIR: string
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Name _ -> "name of the project, for example Vessels: letters and digits, a capital first."
            | Out _ -> "folder of the project, new or empty (default: NAME)."
            | Feed _ -> "a folder with the package Iqt.Reversible, if no source of your NuGet configuration has it."
            | Json -> "print one JSON document."

let examples = [
    "iqt new Vessels --feed ~/iqt-packages"
    "iqt new Vessels --out work/vessels"
]

// A name has to be a namespace, the beginning of a class and, in small letters, a network's name.
let private checkName (name: string) =
    if not (Regex.IsMatch(name, @"^[A-Z][A-Za-z0-9]*\z")) then
        raise (
            UsageException
                $"new '{name}': letters and digits with a capital first are expected, for example iqt new Vessels."
        )

    if ProjectTemplate.usedNames.Value.Contains name then
        raise (UsageException $"new {name}: the name is taken by what the project uses. Choose another.")

/// Versions of the package in a folder, the newest last; a release is newer than what came before it (1.0.0-rc1).
let private versions (feed: string) =
    let parse (version: string) =
        match version.Split('-', 2) with
        | [| number; suffix |] -> Version.Parse number, 0, suffix
        | parts -> Version.Parse parts[0], 1, ""

    Directory.GetFiles(feed, "Iqt.Reversible.*.nupkg")
    |> Array.choose (fun path ->
        let found =
            Regex.Match(string (Path.GetFileName path), @"^Iqt\.Reversible\.(\d+\.\d+\.\d+(?:-.+)?)\.nupkg$")

        if found.Success then Some found.Groups[1].Value else None)
    |> Array.sortBy parse

// With a feed the newest version in it, else that of this command.
let private packageVersion (feed: string option) =
    match feed with
    | None -> (nonNull (typeof<Iqt.Reversible.Network>.Assembly.GetName().Version)).ToString 3
    | Some folder ->
        if not (Directory.Exists folder) then
            raise (DataException $"{folder}: there is no such folder, one with packages was expected. Check --feed.")

        match Array.tryLast (versions folder) with
        | Some version -> version
        | None ->
            raise (
                DataException
                    $"{folder}: holds no package, Iqt.Reversible.*.nupkg was expected. Make it with dotnet pack core/Reversible -o {folder}."
            )

let private checkFree (folder: string) =
    if
        File.Exists folder
        || Directory.Exists folder
           && not (Seq.isEmpty (Directory.EnumerateFileSystemEntries folder))
    then
        raise (
            DataException
                $"{folder}: exists already, a new or empty folder was expected for a project. Choose another with --out."
        )

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let name = arguments.GetResult Name
    checkName name
    let folder = arguments.GetResult(Out, name)
    let feed = arguments.TryGetResult Feed |> Option.map Path.GetFullPath
    let version = packageVersion feed
    checkFree folder

    let names: ProjectTemplate.ProjectNames = {
        Name = name
        PackageVersion = version
        Feed = feed
    }

    let files =
        ProjectTemplate.files names
        |> List.map (fun (file, text) ->
            let path = Path.Combine(folder, file)
            AtomicFile.WriteText(path, text)
            path)

    streams.Result(
        arguments.Contains Json,
        (fun () ->
            Json.object [
                "project", Json.text (List.head files)
                "network", Json.text names.NetworkName
                "packageVersion", Json.text version
                "files", files |> List.map Json.text |> Json.list
            ]),
        fun writer ->
            for file in files do
                writer.WriteLine file

            writer.WriteLine()
            writer.WriteLine $"cd {folder} && dotnet run -c Release"
    )

    if feed.IsNone then
        streams.Say
            $"The project takes the package Iqt.Reversible {version} from the sources of your NuGet configuration. If none has it, make it in Iqt's source (dotnet pack -c Release core/Reversible -o packages) and name its folder: iqt new {name} --feed packages."

    ExitCode.Success
