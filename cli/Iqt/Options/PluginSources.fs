/// Whether a plugin is what its source says now: a build that failed, or was forgotten, leaves the networks of the source before.
module Iqt.Cli.PluginSources

open System
open System.IO
open System.Reflection.Metadata
open System.Reflection.PortableExecutable
open System.Security.Cryptography

// How a portable PDB names SHA-256, the compiler's default (Portable PDB format, table Document).
let private sha256 = Guid "8829d00f-11b8-4213-878b-770e8597ac16"

let private hash (path: string) =
    use file = File.OpenRead path
    SHA256.HashData file

// What the build writes itself is not the author's to change.
let private isWritten (path: string) =
    path.Replace('\\', '/').Contains "/obj/"

let private documents (symbols: MetadataReader) = [
    for handle in symbols.Documents do
        let document = symbols.GetDocument handle

        if symbols.GetGuid document.HashAlgorithm = sha256 then
            symbols.GetString document.Name, symbols.GetBlobBytes document.Hash
]

let private isChanged (path: string, read: byte array) =
    Path.IsPathRooted path
    && not (isWritten path)
    && File.Exists path
    && hash path <> read

/// The source files of a plugin that are no longer as its compiler read them, after the symbols beside it or within it; none where
/// these are missing, or the source lies elsewhere.
let changed (plugin: string) : string list =
    try
        use file = File.OpenRead plugin
        use image = new PEReader(file)

        let openSymbols (path: string) : Stream | null =
            if File.Exists path then File.OpenRead path else null

        let found, provider, _ =
            image.TryOpenAssociatedPortablePdb(Path.GetFullPath plugin, openSymbols)

        if found then
            use provider = nonNull provider

            documents (provider.GetMetadataReader())
            |> List.filter isChanged
            |> List.map fst
        else
            []
    with
    // Damaged symbols say nothing.
    | :? BadImageFormatException
    | :? IOException
    | :? UnauthorizedAccessException -> []
