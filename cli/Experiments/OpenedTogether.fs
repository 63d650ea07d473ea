/// Several things that have to be disposed of, opened one after the other.
module Iqt.Experiments.OpenedTogether

open System
open System.Collections.Generic

/// Opens them, hands them over and disposes of all that were opened, also where a later one can't be opened.
let using<'m, 'a when 'm :> IDisposable>
    (openers: (string * (unit -> 'm)) list)
    (action: (string * 'm) list -> 'a)
    : 'a =
    let opened = List<string * 'm>()

    try
        for label, openOne in openers do
            opened.Add(label, openOne ())

        action (List.ofSeq opened)
    finally
        for _, one in opened do
            one.Dispose()
