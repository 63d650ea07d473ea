/// How many names are told in a line: all of a few, some of many.
module Iqt.Cli.NameList

let private all = 5
let private some = 3

/// <c>a, b, c</c>, or <c>a, b, c and 12 more</c>.
let few (names: string list) =
    let listed = String.concat ", "

    if names.Length <= all then
        listed names
    else
        $"{names |> List.take some |> listed} and {names.Length - some} more"
