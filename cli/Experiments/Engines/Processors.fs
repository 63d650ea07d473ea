/// The processors that this process may run on; in a container, below taskset or in a job of a cluster not all of the machine.
module Iqt.Experiments.Engines.Processors

open System
open System.Globalization
open System.IO

let private number (text: string) =
    match Int32.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture) with
    | true, value -> Some value
    | _ -> None

let private range (text: string) =
    match text.Split '-' |> Array.map number with
    | [| Some one |] -> Some [ one ]
    | [| Some first; Some last |] when first <= last -> Some [ first..last ]
    | _ -> None

/// The numbers of a list as Linux writes it (<c>0-3,8</c>), ascending; None if it is none.
let parse (list: string) : int list option =
    let ranges = list.Trim().Split ',' |> Array.map range |> Array.toList

    if List.forall Option.isSome ranges then
        Some(ranges |> List.choose id |> List.concat |> List.distinct |> List.sort)
    else
        None

/// Those of this process; none where the system doesn't say.
let allowed () : int list =
    let file, key = "/proc/self/status", "Cpus_allowed_list:"

    if File.Exists file then
        File.ReadLines file
        |> Seq.tryFind (fun line -> line.StartsWith(key, StringComparison.Ordinal))
        |> Option.bind (fun line -> parse line[key.Length ..])
        |> Option.defaultValue []
    else
        []

/// The processors of one of several workers with so many threads each, numbered from 0; None if there are not enough.
let ofWorker (allowed: int list) (threads: int) (worker: int) : int list option =
    match List.skip (min allowed.Length (worker * threads)) allowed with
    | left when left.Length >= threads -> Some(List.take threads left)
    | _ -> None
