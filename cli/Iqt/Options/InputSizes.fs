/// Edges of a network's inputs: those that a command takes by itself, and the refusal of those that don't fit.
module Iqt.Cli.InputSizes

open System
open Iqt.Reversible

/// The edge length that a patch has by default.
let usual = 11L

let private fits (edge: int64) (network: Network) =
    isNull (NetworkSizes(network, [| for _ in network.Inputs -> edge |]).Misfit)

/// The usual edge or the next longer one that all of some networks take for each of their inputs, if there is one.
let common (networks: Network list) : int64 option =
    NetworkSizes.Near(networks.Head, usual - 1L)
    |> Seq.tryLast
    |> Option.bind (fun first ->
        seq { first .. first + 256L }
        |> Seq.tryFind (fun edge -> networks |> List.forall (fits edge)))

/// The sizes behind given edges, one for each input; a refusal names the option's text and edges that fit.
let given (network: Network) (text: string) (edges: int64[]) : NetworkSizes =
    let sizes = NetworkSizes(network, edges)

    match sizes.Misfit with
    | null -> sizes
    | misfit ->
        let remedy =
            match NetworkSizes.Remedy(network, edges) with
            | "" -> "No size was found that fits."
            | clause -> string (Char.ToUpperInvariant clause[0]) + clause[1..] + "."

        raise (UsageException $"--size {text} does not fit network {network.NetworkName}: {misfit}. {remedy}")
