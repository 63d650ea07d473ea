/// Runs the SDK as a user would, apart from the build that the tests themselves run in.
module Iqt.Tests.Package.DotnetProcess

open System
open System.Diagnostics
open System.IO
open Expecto

/// Root of the repository.
let root = Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, "..", ".."))

/// The configuration that the tests were built in.
let configuration =
    if AppContext.BaseDirectory.Contains $"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}" then
        "Release"
    else
        "Debug"

let private globalPackages =
    match Environment.GetEnvironmentVariable "NUGET_PACKAGES" with
    | null
    | "" -> Path.Combine(Environment.GetFolderPath Environment.SpecialFolder.UserProfile, ".nuget", "packages")
    | folder -> folder

/// Runs <c>dotnet</c> in a folder. Packages go to <c>cache</c>; what is in the machine's own cache is read from there.
/// Returns the exit code and both streams together.
let dotnet (folder: string) (cache: string) (arguments: string list) : int * string =
    let info =
        ProcessStartInfo(
            "dotnet",
            arguments,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        )

    // "dotnet run", which the tests run under, leaves its own settings in the environment.
    for name in Seq.toList info.Environment.Keys do
        if name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) then
            info.Environment.Remove name |> ignore

    for name, value in
        [
            "NUGET_PACKAGES", cache
            "NUGET_FALLBACK_PACKAGES", globalPackages
            // No servers that outlive the test.
            "MSBUILDDISABLENODEREUSE", "1"
            "UseSharedCompilation", "false"
            "DOTNET_CLI_TELEMETRY_OPTOUT", "1"
            "DOTNET_NOLOGO", "1"
        ] do
        info.Environment[name] <- value

    use child = nonNull (Process.Start info)
    let out = child.StandardOutput.ReadToEndAsync()
    let error = child.StandardError.ReadToEndAsync()

    if not (child.WaitForExit(TimeSpan.FromMinutes 4.0)) then
        child.Kill true
        failtestf "dotnet %s did not end within 4 minutes" (String.concat " " arguments)

    child.ExitCode, out.Result + error.Result

/// The same, expecting success.
let succeeds folder cache arguments =
    let code, output = dotnet folder cache arguments
    Expect.equal code 0 $"""dotnet {String.concat " " arguments}: {output}"""
    output
