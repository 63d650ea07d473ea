/// What is asked of a random declaration.
module Iqt.Tests.Generators.Trial

open System
open System.IO
open System.Runtime.Loader
open FsCheck.FSharp
open Microsoft.CodeAnalysis
open TorchSharp
open Iqt.Reversible
open Iqt.Tests.Generators

type Outcome =
    | Passed
    /// The check compared nothing but zeros, or chance, whatever the seed.
    | Degenerate
    | Failed of string

/// Number i of the run with a seed; of the same seed always the same.
let sample (seed: int) (i: int) (generator: FsCheck.Gen<'a>) : 'a =
    (Gen.sampleWithSeed (FsCheck.Rnd(uint64 seed * 1000003UL + uint64 i)) 50 1 generator)[0]

let private report (diagnostics: Diagnostic list) =
    String.concat "\n" (diagnostics |> List.map string)

let private load (compilation: Compilation) =
    use image = new MemoryStream()
    let emitted = compilation.Emit image

    if not emitted.Success then
        failwith (report (List.ofSeq emitted.Diagnostics))

    image.Position <- 0L
    AssemblyLoadContext("random", true).LoadFromStream image

/// A declaration's code, loaded; it has to compile without a word.
let compiled (source: string) =
    let diagnostics, after = Compiler.compile [ "Declaration.cs", source ]

    if not diagnostics.IsEmpty then
        failwith (report diagnostics)

    load after

// Sizes and channels of every output are those that the description says.
let private runForward (edges: Map<string, int>) (network: Network) =
    use _ = torch.no_grad ()
    use _ = torch.NewDisposeScope()
    let given = [| for input in network.Inputs -> int64 edges[input.Name] |]
    let sizes = NetworkSizes(network, given)

    if not (isNull sizes.Misfit) then
        failwith $"an edge of {given[0]} voxels does not fit: {sizes.Misfit}"

    let inputs = [|
        for input, edge in Seq.zip network.Inputs given ->
            torch.randn (
                [| 2L; int64 input.Channels; yield! Array.replicate network.Dimensions edge |],
                dtype = torch.ScalarType.Float64
            )
    |]

    let outputs = network.Call inputs
    let described = network.Segments |> Seq.filter _.IsOutput |> Seq.toArray

    if outputs.Length <> described.Length then
        failwith $"{outputs.Length} outputs, described are {described.Length}"

    for output, segment in Seq.zip outputs described do
        let expected = [|
            2L
            int64 segment.OutputChannels
            yield! Array.replicate network.Dimensions sizes[segment.Name]
        |]

        if output.shape <> expected then
            failwith $"{segment.Name}: %A{output.shape}, described is %A{expected}"

// With some seeds a small network gives nothing but zeros, which proves nothing: another seed is tried.
let rec private check (declaration: NetworkDeclaration) (seed: uint64) =
    let failed =
        NetworkCheck(declaration, seed = seed).Run()
        |> Seq.filter (fun result -> not result.Holds)
        |> Seq.toList

    // After three steps of a network that multiplies a rounding error by a thousand and more each number is chance.
    let isChaos (result: CheckResult) =
        result.Property = "running statistics" && result.Tolerance > 1e-6

    // Of a steep stack, whose input can't be told from its output any better, and what follows from its inversion.
    let isSteep (result: CheckResult) =
        result.IsRounding
        || result.Subject = string BackpropagationMode.Reversible
           && result.Error < 1e-6
           && failed |> List.exists _.IsRounding

    match failed with
    | [] -> Passed
    | _ when
        failed
        |> List.forall (fun result -> Double.IsNaN result.Error || isChaos result || isSteep result)
        ->
        if seed < 6UL then
            check declaration (seed + 1UL)
        else
            Degenerate
    | result :: _ ->
        Failed $"{declaration.Name}, {result.Property} of {result.Subject}: {result.Error}, allowed {result.Tolerance}"

/// A declaration that keeps every rule compiles without a word, and what comes out does what it says.
let legal (declaration: DeclarationText.Declaration) =
    let source = DeclarationText.text declaration

    try
        let diagnostics, after = Compiler.compile [ "Declaration.cs", source ]

        if not diagnostics.IsEmpty then
            Failed(report diagnostics)
        else
            let assembly = load after

            try
                let outcomes = [
                    for found in NetworkCatalog([ assembly ]).Declarations do
                        use network = found.Create(null, dtype = Nullable torch.ScalarType.Float64)
                        runForward declaration.Edges network
                        check found 0UL
                ]

                // A failure first: what proved nothing in one network excuses nothing in the other.
                outcomes
                |> List.tryFind _.IsFailed
                |> Option.orElse (outcomes |> List.tryFind _.IsDegenerate)
                |> Option.defaultValue Passed
            finally
                (nonNull (AssemblyLoadContext.GetLoadContext assembly)).Unload()
    with error ->
        Failed(string error)

/// A declaration with one mistake gives the diagnostic of the rule and no other.
let broken (rule: string) (declaration: DeclarationText.Declaration) =
    let diagnostics, _ =
        Compiler.compile [ "Declaration.cs", DeclarationText.text declaration ]

    let unavoidable =
        if rule = "IQT001" then
            set [ "CS0751"; "CS9248" ]
        else
            Set.empty

    let others =
        diagnostics
        |> List.filter (fun d -> d.Id <> rule && not (unavoidable.Contains d.Id))

    let hits = diagnostics |> List.filter (fun d -> d.Id = rule)

    if hits.Length <> 1 then
        Failed $"{rule} was reported {hits.Length} times\n{report diagnostics}"
    elif not others.IsEmpty then
        Failed(report others)
    elif not (hits.Head.Location.IsInSource) then
        Failed $"no place: {hits.Head}"
    else
        Passed

/// Whatever the text, neither the generator nor the analyzer throws, and errors stand in generated code only where the text has some.
let survives (source: string) =
    let diagnostics, _ = Compiler.compile [ "Declaration.cs", source ]

    let crashes =
        diagnostics |> List.filter (fun d -> d.Id = "CS8785" || d.Id = "AD0001")

    let isGenerated (d: Diagnostic) =
        d.Location.IsInSource
        && (nonNull d.Location.SourceTree).FilePath <> "Declaration.cs"

    let generated, own =
        diagnostics
        |> List.filter (fun d -> d.Severity = DiagnosticSeverity.Error)
        |> List.partition isGenerated

    if not crashes.IsEmpty then
        Failed(report crashes)
    elif not generated.IsEmpty && own.IsEmpty then
        Failed(report generated)
    else
        Passed
