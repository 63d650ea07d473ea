/// The commands, options and arguments of the command, read from Argu's parser: whatever is declared there is completed.
module Iqt.Cli.Completion.CommandTree

open System
open Argu
open Microsoft.FSharp.Reflection

/// What may stand in a place.
type Value =
    /// One of these words.
    | Words of string list
    /// The name of a declared network.
    | Network
    /// A path, or what only the user knows.
    | Path

type Option = {
    Names: string list
    /// What follows it, one for each word; empty for a switch.
    Values: Value list
    /// As help shows it: <c>--data &lt;DIR&gt;</c>.
    Spelling: string
    /// What help says of it.
    Description: string
}

type Node = {
    /// The words that lead here, for example <c>iqt</c>, <c>bench</c>, <c>memory</c>.
    Words: string list
    Options: Option list
    /// Arguments without a name, in their order.
    Arguments: Value list
    Commands: Node list
}

// Argu's spelling of a union's case; the attribute's where it has one.
let private spelling (case: UnionCaseInfo) =
    case.GetCustomAttributes typeof<CustomCommandLineAttribute>
    |> Array.tryHead
    |> Option.map (fun attribute -> (attribute :?> CustomCommandLineAttribute).Name)
    |> Option.defaultValue (case.Name.ToLowerInvariant().Replace('_', '-'))

let private value (field: Reflection.PropertyInfo) =
    if field.Name = "NET" then
        Network
    elif FSharpType.IsUnion field.PropertyType then
        Words [ for case in FSharpType.GetUnionCases field.PropertyType -> spelling case ]
    else
        Path

/// The tree below a parser that is reached by these words.
let rec ofParser (words: string list) (parser: ArgumentParser) : Node =
    let cases =
        parser.GetArgumentCases() |> List.filter (fun case -> not case.IsHidden.Value)

    let values (case: ArgumentCaseInfo) =
        case.UnionCaseInfo.GetFields() |> Array.toList |> List.map value

    let spelled (case: ArgumentCaseInfo) =
        let values =
            case.UnionCaseInfo.GetFields() |> Array.map (fun field -> $"<{field.Name}>")

        String.concat " " (case.CommandLineNames.Value.Head :: List.ofArray values)

    let isCommand (case: ArgumentCaseInfo) =
        case.ArgumentType = ArgumentType.SubCommand

    let commands = cases |> List.filter isCommand |> List.map _.CommandLineNames.Value

    {
        Words = words
        Options = [
            for case in cases do
                if not (isCommand case || case.IsMainCommand) then
                    {
                        Names = case.CommandLineNames.Value
                        Values = values case
                        Spelling = spelled case
                        Description = case.Description.Value
                    }
            {
                Names = parser.HelpFlags
                Values = []
                Spelling = List.head parser.HelpFlags
                Description = ""
            }
        ]
        Arguments = cases |> List.filter _.IsMainCommand |> List.collect values
        Commands = [
            for child in parser.GetSubCommandParsers() do
                match child.ParentInfo with
                | Some parent when List.contains parent.CommandLineNames.Value commands ->
                    ofParser (words @ [ List.head parent.CommandLineNames.Value ]) child
                | _ -> ()
        ]
    }
