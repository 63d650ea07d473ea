/// Declared networks from assemblies that the user names. A plugin's code runs with the command's rights.
module Iqt.Cli.Plugins

open System
open System.IO
open System.Reflection
open System.Reflection.Metadata
open System.Reflection.PortableExecutable
open System.Runtime.Loader
open Iqt.Diffusion
open Iqt.Reversible
open TorchSharp

// Shared with the command, so that a plugin's network is a Network of the command and its tensors are tensors.
let private shared = [ typeof<Network>.Assembly; typeof<torch.Tensor>.Assembly ]

let private isShared (name: AssemblyName) =
    shared |> List.exists (fun assembly -> assembly.GetName().Name = name.Name)

/// Everything else a plugin brings along stays its own, whatever versions the command has.
type private PluginContext(path: string) =
    inherit AssemblyLoadContext(Path.GetFileNameWithoutExtension path)
    let resolver = AssemblyDependencyResolver path

    override this.Load name =
        if isShared name then
            null
        else
            match resolver.ResolveAssemblyToPath name with
            | null -> null
            | path -> this.LoadFromAssemblyPath path

    override this.LoadUnmanagedDll name =
        match resolver.ResolveUnmanagedDllToPath name with
        | null -> 0n
        | path -> this.LoadUnmanagedDllFromPath path

let private refuse (path: string) message =
    raise (DataException $"{path}: {message}")

/// The versions of the shared assemblies that a plugin was built against, without loading it.
let private references (path: string) =
    try
        use file = File.OpenRead path
        use image = new PEReader(file)

        if not image.HasMetadata then
            raise (BadImageFormatException())

        let metadata = image.GetMetadataReader()

        [
            for handle in metadata.AssemblyReferences do
                let reference = metadata.GetAssemblyReference handle
                metadata.GetString reference.Name, reference.Version
        ]
    with
    | :? BadImageFormatException
    // Sizes in a damaged header whose sum is none.
    | :? OverflowException ->
        refuse
            path
            "is no .NET assembly, the .dll of a project that declares networks was expected. Name the .dll below bin that the build wrote."

let private checkVersions path =
    let references = references path

    for assembly in shared do
        let own = nonNull (assembly.GetName().Name)
        let ownVersion = nonNull (assembly.GetName().Version)

        match references |> List.tryFind (fun (name, _) -> name = own) with
        | Some(name, version) when version <> ownVersion ->
            refuse
                path
                $"was built against {name} {version.ToString 3}, version {ownVersion.ToString 3} was expected, as this command has. Build it again with that version."
        | None when assembly = typeof<Network>.Assembly ->
            refuse
                path
                $"does not use {own}, so it declares no network. Name the .dll of a project that does; iqt new makes one."
        | _ -> ()

let private load (path: string) =
    if Directory.Exists path then
        refuse
            path
            "is a folder, a plugin (the .dll of a project that declares networks) was expected. Name the .dll in it."

    if not (File.Exists path) then
        refuse
            path
            "there is no such file, a plugin (the .dll of a project that declares networks) was expected. Check the path, or build the project first."

    let full = Path.GetFullPath path
    checkVersions path

    try
        let assembly = PluginContext(full).LoadFromAssemblyPath full
        assembly, NetworkCatalog([ assembly ]).Declarations
    with
    | :? ArgumentException as e -> refuse path e.Message
    | :? BadImageFormatException
    | :? FileLoadException
    | :? FileNotFoundException
    | :? TypeLoadException
    | :? MissingMemberException
    | :? TypeInitializationException
    | :? ReflectionTypeLoadException
    | :? TargetInvocationException as e ->
        let cause =
            match e.InnerException with
            | null -> e
            | inner -> inner

        refuse
            path
            $"its networks can't be read: {cause.Message.Split('\n')[0]} Build it again with the version of Iqt.Reversible that this command has."

/// The plugins that IQT_PLUGINS names, separated as in PATH.
let ofEnvironment () : string list =
    match Environment.GetEnvironmentVariable "IQT_PLUGINS" with
    | null -> []
    | paths ->
        paths.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)
        |> Array.toList

/// The networks of the command and of plugins, each named once.
let catalog (own: Assembly) (paths: string list) : NetworkCatalog =
    let known =
        Seq.map
            (fun (network: NetworkDeclaration) -> network.Name, "this command")
            (NetworkCatalog([ own ]).Declarations)
        |> Map

    let add (known, assemblies) path =
        let assembly, networks = load path

        if Seq.isEmpty networks then
            refuse path "holds no declared network, a public class marked [Network] was expected. Is it the right .dll?"

        let named known (network: NetworkDeclaration) =
            match Map.tryFind network.Name known with
            | Some owner ->
                refuse
                    path
                    $"its network '{network.Name}' ({network.Type}) has the name of a network of {owner}. Rename it: [Network(\"…\")]."
            | None -> Map.add network.Name path known

        Seq.fold named known networks, assembly :: assemblies

    let _, assemblies = paths |> List.fold add (known, [ own ])

    NetworkCatalog(List.rev assemblies)
