/// What is installed: .NET, libtorch and what it needs, a GPU.
module Iqt.Cli.Findings.SoftwareFindings

open System
open System.IO
open System.Runtime.InteropServices
open Iqt.Cli
open Iqt.Reversible.Natives
open TorchSharp

/// The runtime that this process runs in.
let runtime () =
    Finding.Good(
        "runtime",
        $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}",
        "Iqt runs"
    )

// A runtime lies in ROOT/shared/Microsoft.NETCore.App/VERSION, the SDKs beside it in ROOT/sdk.
let private sdkFolder () =
    Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "sdk"))

/// The versions of the SDK below a folder.
let sdk (folder: string) =
    let versions =
        try
            [
                for path in Directory.GetDirectories folder do
                    match Version.TryParse((nonNull (Path.GetFileName path)).Split('-')[0]) with
                    | true, version -> nonNull version
                    | _ -> ()
            ]
            |> List.sort
        with
        | :? IOException
        | :? UnauthorizedAccessException -> []

    let remedy =
        "install the .NET SDK 10.0 (your distribution's package dotnet-sdk-10.0)"

    match List.tryLast versions with
    | None ->
        Finding.Note(
            "SDK",
            "none",
            "iqt trains and predicts; projects of your own (iqt new) and scripts (iqt experiment run) need the SDK",
            remedy
        )
    | Some newest when newest.Major < 10 ->
        Finding.Note(
            "SDK",
            $".NET SDK {newest}",
            "too old: projects of your own (iqt new) and scripts (iqt experiment run) need 10.0",
            remedy
        )
    | Some newest ->
        Finding.Good(
            "SDK",
            $".NET SDK {newest}",
            "projects of your own (iqt new) and scripts (iqt experiment run) can be built"
        )

let private file (path: string | null) =
    match path with
    | null -> "no file"
    | path -> path

/// Whether libtorch loads, and from where; <c>named</c> is what IQT_LIBTORCH says.
let libtorch (report: NativesReport) (named: string option) =
    let missing =
        named
        |> Option.filter (fun folder -> folder <> "" && not (Directory.Exists folder))

    match report.Failure with
    | null ->
        let found = $"loads {file report.Libtorch}"

        match missing with
        | None ->
            Finding.Good(
                "libtorch",
                found,
                $"networks can be trained; TorchSharp is made for libtorch {ProjectTemplate.libtorchVersion}, and its own library is {file report.Bridge}"
            )
        | Some folder ->
            Finding.Note(
                "libtorch",
                found,
                $"networks can be trained, but IQT_LIBTORCH names {folder}, and there is no such folder",
                "unset IQT_LIBTORCH, or correct it"
            )
    | failure ->
        let named =
            match missing with
            | None -> ""
            | Some folder -> $"IQT_LIBTORCH names {folder}, and there is no such folder: correct it. "

        Finding.Problem(
            "libtorch",
            $"does not load; TorchSharp's library: {file report.Bridge}; libtorch: {file report.Libtorch}",
            "networks can be neither trained nor used; fits, maps and phantoms work",
            named + failure
        )

/// Whether the C++ library is new enough for TorchSharp's.
let cppLibrary (report: NativesReport) =
    let subject = "libstdc++"

    let found offered =
        $"GLIBCXX {offered}, {file report.CppLibrary}"

    match report.OfferedByCpp, report.AskedOfCpp, report.NeededOfCpp with
    | null, _, _ ->
        Finding.Note(
            subject,
            "not found where loaders look",
            "nothing can be said of its version",
            "where libtorch does not load, install your distribution's package libstdc++6"
        )
    | offered, null, _
    | offered, _, null ->
        Finding.Good(subject, found offered, "which version TorchSharp's library asks for can't be read: see libtorch")
    | offered, asked, _ when offered >= asked ->
        Finding.Good(subject, found offered, $"new enough: TorchSharp asks for {asked}")
    | offered, asked, needed when offered >= needed ->
        Finding.Good(
            subject,
            found offered,
            $"new enough: TorchSharp needs {needed}; it asks for {asked}, but a copy of its library that does not is loaded in its place"
        )
    | offered, _, needed ->
        Finding.Problem(
            subject,
            found offered,
            $"too old: TorchSharp needs {needed}",
            "use a system with the C++ library of GCC 12 or newer (Debian 12, Ubuntu 22.04), or name a folder with one in LD_LIBRARY_PATH"
        )

// How many devices libtorch sees; none where the libraries are for the CPU.
let private devices (report: NativesReport) =
    if
        isNull report.Failure
        && torch.TryInitializeDeviceType DeviceType.CUDA
        && torch.cuda.is_available ()
    then
        torch.cuda.device_count ()
    else
        0

/// Whether there is a GPU that libtorch can use; <c>driver</c> says whether the machine has NVIDIA's driver.
let gpu (devices: int) (driver: bool) =
    if devices > 0 then
        Finding.Good("GPU", $"{devices} by CUDA", "--device cuda trains on it; little tried")
    elif driver then
        Finding.Note(
            "GPU",
            "an NVIDIA driver, but libtorch finds no CUDA",
            "Iqt computes on the CPU",
            $"publish Iqt with -p:IqtCuda=installed, and name in IQT_LIBTORCH the folder of a CUDA libtorch {ProjectTemplate.libtorchVersion}, such as torch/lib of a Python installation's PyTorch"
        )
    else
        Finding.Good("GPU", "none", "Iqt computes on the CPU, which is all that it needs")

/// Everything that is installed.
let all () : Finding list =
    let report = NativesReport.Of()

    [
        runtime ()
        sdk (sdkFolder ())
        libtorch report (Option.ofObj (Environment.GetEnvironmentVariable "IQT_LIBTORCH"))
        cppLibrary report
        gpu (devices report) (File.Exists "/proc/driver/nvidia/version")
    ]
