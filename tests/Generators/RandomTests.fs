/// Random declarations: legal ones, ones with one mistake, hostile texts. A few in the suite, any number by an argument.
module Iqt.Tests.Generators.RandomTests

open System
open System.Diagnostics
open Expecto
open FsCheck.FSharp
open Iqt.Tests.Generators.Trial

/// Starts a longer run instead of the tests: --random-declarations COUNT [SEED].
let runArgument = "--random-declarations"

type private Kind = {
    Name: string
    /// Who is told what will be tried, the seed, the number.
    Run: (string -> unit) -> int -> int -> Outcome * (unit -> string)
}

let private kinds = [
    {
        Name = "legal declarations"
        Run =
            fun note seed i ->
                let declaration = sample seed i RandomDeclaration.legal
                note (DeclarationText.text declaration)
                Trial.legal declaration, (fun () -> DeclarationText.text declaration)
    }
    {
        Name = "declarations with one mistake"
        Run =
            fun _ seed i ->
                let declaration = sample seed i RandomDeclaration.legal
                // One mistake after the other, each of them in another declaration.
                let possible = Mutations.all |> List.filter (fun (_, _, can, _) -> can declaration)
                let rule, words, _, change = possible[i % possible.Length]
                let changed = change declaration

                Trial.broken rule changed, (fun () -> $"{rule}, {words}\n{DeclarationText.text changed}")
    }
    {
        Name = "hostile texts"
        Run =
            fun _ seed i ->
                let declaration = sample seed i RandomDeclaration.legal
                let source = sample seed i (HostileText.hostile (DeclarationText.text declaration))
                Trial.survives source, (fun () -> source)
    }
]

/// Runs so many of each kind, prints what fails and how many passed, and returns the exit code.
let run (count: string) (seed: string option) =
    let seed =
        seed
        |> Option.map int
        |> Option.defaultWith (fun () -> Random.Shared.Next 1000000)

    // What ends the process (a fault within libtorch) is known all the same.
    let last =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"iqt-random-{seed}.cs")

    printfn "seed %d; the declaration that is being tried: %s" seed last
    let mutable failures = 0

    for kind in kinds do
        let clock = Stopwatch.StartNew()
        let mutable passed, degenerate, failed = 0, 0, 0

        for i in 0 .. int count - 1 do
            match kind.Run (fun text -> System.IO.File.WriteAllText(last, text)) seed i with
            | Passed, _ -> passed <- passed + 1
            | Degenerate, _ -> degenerate <- degenerate + 1
            | Failed words, source ->
                failed <- failed + 1
                printfn "--- %s, seed %d, number %d\n%s\n%s" kind.Name seed i words (source ())

        failures <- failures + failed

        printfn
            "%s: %d passed, %d failed, %d proved nothing, %d s"
            kind.Name
            passed
            failed
            degenerate
            (int clock.Elapsed.TotalSeconds)

    if failures = 0 then 0 else 1

// Another share each day would make the suite a lottery: the longer run looks further.
let private suiteSeed = 20251

let private suite kind count =
    test $"{kind.Name}, {count} of seed {suiteSeed}" {
        for i in 0 .. count - 1 do
            match kind.Run ignore suiteSeed i with
            | Failed words, source -> failtest $"number {i}: {words}\n{source ()}"
            | _ -> ()
    }

[<Tests>]
let tests =
    // Modules of a user's own draw from the global generator, and building networks draws from it too: not beside other tests.
    testSequenced
    <| testList "generators/random" [
        for kind, count in List.zip kinds [ 10; Mutations.all.Length; 40 ] do
            suite kind count

        test "a segment whose source is no name, which random texts have come upon" {
            let outcome =
                Trial.survives (
                    Compiler.preamble
                    + "[Network(\"net\", InputChannels = 1)] public sealed partial class Net { [Conv3d(4)] private partial Segment Tail { get; } [From((Tail)), Relu] private partial Segment Last { get; } }"
                )

            Expect.equal outcome Passed "neither generator nor analyzer throws"
        }
    ]
