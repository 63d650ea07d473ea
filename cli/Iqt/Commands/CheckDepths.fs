/// What rounding does in stacks of several depths (<c>iqt check --depths</c>).
module Iqt.Cli.Commands.CheckDepths

open System
open Iqt.Cli
open Iqt.Reversible

/// Each depth's figures; a depth takes as long as it is deep.
let run (check: string list -> NetworkCheck) (settings: string list) (depths: int list) (progress: Progress) =
    let all = depths |> List.sumBy (fun depth -> float (depth + 1))

    // Where each depth begins, in parts of the whole.
    let starts =
        depths |> List.scan (fun start depth -> start + float (depth + 1) / all) 0.0

    [
        for depth, start in Seq.zip depths starts do
            let part = float (depth + 1) / all

            let within =
                { new IProgress<float> with
                    member _.Report fraction =
                        (progress :> IProgress<float>).Report(start + part * fraction)
                }

            for result in (check ($"Blocks={depth}" :: settings)).Stacks within do
                result.Of $"{result.Subject}, {depth} blocks"
    ]

/// Refuses depths of a network without Blocks, of which --depths is a way to write several values.
let demand (declaration: NetworkDeclaration) (settings: string list) (depths: int list) =
    let isBlocks (name: string) =
        name.Equals("Blocks", StringComparison.OrdinalIgnoreCase)

    if not (declaration.Hyperparameters |> Seq.exists (fun known -> isBlocks known.Name)) then
        let has =
            match [ for known in declaration.Hyperparameters -> known.Name ] with
            | [] -> "it has no hyperparameters"
            | names -> $"""it has {String.concat ", " names}"""

        raise (
            UsageException
                $"--depths varies the hyperparameter Blocks, which {declaration.Name} lacks ({has}). Call the number of its stacks' blocks so, or check one depth after the other by --set."
        )

    if settings |> List.exists (fun setting -> isBlocks (setting.Split('=')[0])) then
        raise (UsageException "--set Blocks and --depths say the number of blocks twice: leave --set Blocks out.")

    depths |> List.iter (Options.atLeast 1 "--depths" >> ignore)
