/// What is said of a line of arguments that the parser refuses.
module Iqt.Cli.LineRefusal

open System
open Iqt.Cli.Completion
open Iqt.Reversible
open Iqt.Training

// The command that a line names, as far as it names one: iqt, iqt fit, iqt bench memory.
let private named (tree: CommandTree.Node) (line: string array) : CommandTree.Node =
    let rec descend (node: CommandTree.Node) words =
        let child word =
            node.Commands |> List.tryFind (fun child -> List.last child.Words = word)

        match words with
        | word :: rest when (child word).IsSome -> descend (child word).Value rest
        | _ -> node

    descend tree (List.ofArray line)

// Argu calls an option that is not there an argument, and says nothing of it; help's first words say what belongs there.
let private withDescription (command: CommandTree.Node) (what: string) =
    let missing (option: CommandTree.Option) =
        option.Names |> List.exists (fun name -> what = $"missing argument '{name}'")

    match command.Options |> List.tryFind missing with
    | Some option ->
        let firstWords =
            [ ", "; "; "; ": "; " (" ]
            |> List.fold (fun (text: string) stop -> text.Split(stop)[0]) option.Description

        $"missing option {option.Spelling}: {firstWords.TrimEnd '.'}"
    | None -> what

// An option, its value, and the word behind them that was not expected.
let private behindOption (line: string array) (typed: string) =
    line |> Array.windowed 3 |> Array.filter (fun words -> words[2] = typed)

// --set Blocks 2, of whom means --set Blocks=2.
let private partedSetting (line: string array) (typed: string) =
    behindOption line typed
    |> Array.tryFind (fun words -> (words[0] = "--set" || words[0] = "--setting") && not (words[1].Contains '='))
    |> Option.map (fun words -> $" Write name and value as one word: {words[0]} {words[1]}={words[2]}.")

// --depths 4 8, of whom means --depths 4,8.
let private partedList (command: CommandTree.Node) (line: string array) (typed: string) =
    behindOption line typed
    |> Array.tryFind (fun words ->
        command.Options
        |> List.exists (fun option ->
            List.contains words[0] option.Names
            && option.Spelling.EndsWith("N,N,N>", StringComparison.Ordinal)))
    |> Option.map (fun words -> $" Write several as one word: {words[0]} {words[1]},{words[2]}.")

// --patch-size, of whom means --setting patchSize=….
let private settingName (command: CommandTree.Node) (typed: string) =
    let plain (text: string) =
        text.Replace("-", "").ToLowerInvariant()

    if
        command.Options
        |> List.exists (fun option -> List.contains "--setting" option.Names)
    then
        TrainingSettingsJson.Names
        |> Seq.tryFind (fun name -> plain name = plain typed)
        |> Option.map (fun name -> $" It is a setting without an option of its own: --setting {name}=VALUE.")
    else
        None

// The only option that begins with the letter of one like -o.
let private withLetter (options: string list) (typed: string) =
    if typed.Length = 2 && typed[0] = '-' && Char.IsLetter typed[1] then
        options
        |> List.filter _.StartsWith("-" + typed, StringComparison.Ordinal)
        |> List.tryExactlyOne
        |> Option.map (fun option -> $" Did you mean {option}?")
    else
        None

// Which command or option was meant, of a slip of the keyboard.
let private question (command: CommandTree.Node) (line: string array) (what: string) =
    match what.Split('\'') with
    | [| "unrecognized argument: "; typed; _ |] ->
        let options = command.Options |> List.collect _.Names
        let commands = command.Commands |> List.map (fun child -> List.last child.Words)

        partedSetting line typed
        |> Option.orElseWith (fun () -> partedList command line typed)
        |> Option.orElseWith (fun () -> settingName command typed)
        |> Option.orElseWith (fun () -> withLetter options typed)
        |> Option.defaultWith (fun () -> NearName.Question(typed, commands @ options))
    | _ -> ""

/// Of a line below a tree of commands, and Argu's message: "ERROR: what" and then the list of options or the whole usage text, of
/// which a line and a hint say more.
let ofMessage (tree: CommandTree.Node) (line: string array) (message: string) =
    let first =
        message.Split '\n'
        |> Array.map _.Trim()
        |> Array.takeWhile (fun line -> line <> "" && not (line.StartsWith("USAGE:", StringComparison.Ordinal)))
        |> String.concat " "

    let what = first.Replace("ERROR:", "").Trim().TrimEnd '.'
    let command = named tree line
    let words = String.concat " " command.Words
    UsageException $"{withDescription command what}.{question command line what} See {words} --help."
