/// What changes of a declaration consist of.
module Iqt.Tests.Generators.Mutation

open Iqt.Tests.Generators.DeclarationText

/// The rule that a change breaks, words for a report, whether it can be applied, and the change.
type Mutation = string * string * (Declaration -> bool) * (Declaration -> Declaration)

let append members (d: Declaration) = {
    d with
        Network = {
            d.Network with
                Members = d.Network.Members @ members
        }
}

let network change (d: Declaration) = { d with Network = change d.Network }

let last (d: Declaration) = d.Last.Name

let fromLast d =
    if last d = "Input" then
        "From(\"Input\")"
    else
        $"From(nameof({last d}))"

let conv (d: Declaration) arguments = $"Conv{d.Dimensions}d({arguments})"

let changeLast change (d: Declaration) =
    network
        (fun c ->
            let count = c.Members.Length

            {
                c with
                    Members = c.Members |> List.mapi (fun i m -> if i = count - 1 then change m else m)
            })
        d

let function' (d: Declaration) members = {
    d with
        Functions = d.Functions @ [ classOf "ResidualFunction" "Broken" members ]
}

let keepSize d = [ layers "Only" [ conv d "Kernel = 3, Padding = 1" ] ]

let withStack attributes (d: Declaration) =
    append [ segment "Even" [ fromLast d; conv d "4" ]; segment "Stacked" attributes ] d

/// Inputs of one size each are judged by the compiler only where there is one.
let hasOneInput (d: Declaration) = d.Edges.Count = 1

let without keyword (c: Class) = {
    c with
        Modifiers = (c.Modifiers.Replace(keyword, "").Replace("  ", " ")).Trim()
}

let always _ = true

let second attributes d =
    append [ segment "Added" (fromLast d :: attributes) ] d
