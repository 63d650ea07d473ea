/// Command lines in the pages are ones that the command takes.
module Iqt.Tests.Documentation.CommandLineTests

open System.IO
open System.Text.RegularExpressions
open Argu
open Expecto
open Iqt.Cli.Completion
open Iqt.Tests.Documentation.MarkdownPage

/// A line's words as a shell would read them, without what follows a comment sign; quotes are taken off.
let private words (line: string) = [
    for word in Regex.Matches(line, @"(?<comment>#.*)|(?:""[^""]*""|'[^']*'|[^\s""'#]|(?<=\S)#)+") do
        if not word.Groups["comment"].Success then
            word.Value.Replace("\"", "").Replace("'", "")
]

// What stands before the arguments of the command.
let private command =
    Regex(@"(?:^|[(;&|])\s*(?:\w+=\S*\s+)*(?:iqt|dotnet run .*--project cli/Iqt .*--(?=\s))\s+(?<arguments>[^);&|>]+)")

/// The arguments of every run of the command in a block of a shell's lines.
let private runs (lines: string list) : string list list = [
    let text = (String.concat "\n" lines).Replace("\\\n", " ")

    for line in text.Split '\n' do
        let bare = Regex.Replace(line, @"^\s*\$\s", "")

        for run in command.Matches(Regex.Replace(bare, @"(^|\s)#.*$", "")) do
            words run.Groups["arguments"].Value
]

let private shellLanguages = Set [ ""; "sh"; "bash"; "console" ]

let private written =
    lazy
        [
            for page in pages.Value do
                for language, lines in page.Blocks do
                    if shellLanguages.Contains language then
                        for arguments in runs lines -> page, arguments
        ]

/// What the parser has against arguments; none if it takes them.
let private fault (arguments: string list) =
    try
        Iqt.Cli.Command.parser().ParseCommandLine(List.toArray arguments, raiseOnUsage = true)
        |> ignore

        None
    with :? ArguParseException as e ->
        if e.ErrorCode = ErrorCode.HelpText then
            None
        else
            Some(e.Message.Split('\n')[0])

let private tree = lazy (CommandTree.ofParser [ "iqt" ] (Iqt.Cli.Command.parser ()))

let rec private optionsBelow (node: CommandTree.Node) =
    (node.Options |> List.collect _.Names) @ List.collect optionsBelow node.Commands

// The command that a span of code is about, and the options that it names, in brackets or not.
let private mentioned (span: string) =
    let rec descend (node: CommandTree.Node) words =
        match words with
        | word :: rest ->
            match node.Commands |> List.tryFind (fun child -> List.last child.Words = word) with
            | Some child -> descend child rest
            | None -> node
        | [] -> node

    let node = descend tree.Value (List.tail (words span))

    node,
    [
        for option in Regex.Matches(span, @"(?<![\w-])--[a-z][a-z-]*") -> option.Value
    ]

[<Tests>]
let tests =
    testList "documentation/command lines" [
        test "the parser takes every command line of a code block" {
            Expect.isGreaterThan written.Value.Length 20 "command lines"

            let faults = [
                for page, arguments in written.Value do
                    match fault arguments with
                    | Some fault -> $"""{page.Path}: iqt {String.concat " " arguments}: {fault}"""
                    | None -> ()
            ]

            Expect.equal faults [] "command lines that are refused"
        }

        test "every command and option that a sentence or a table names is there" {
            let faults = [
                for page in pages.Value do
                    for span in spans page do
                        if span.StartsWith("iqt ", System.StringComparison.Ordinal) then
                            let node, options = mentioned span

                            // `iqt bench … --mode` leaves open which of its commands.
                            let known = optionsBelow node

                            let isCommand = node.Words.Length > 1 || Regex.IsMatch(span, "^iqt (--|[A-Z]|…)")

                            if not isCommand then
                                $"{page.Path}: {span}: no such command"

                            for option in options do
                                if not (List.contains option known) then
                                    $"""{page.Path}: {span}: {String.concat " " node.Words} has no {option}"""
            ]

            Expect.equal faults [] "what is not there"
        }

        test "the page of the command line names every command" {
            let page =
                pages.Value
                |> List.find (fun page -> Path.GetFileName page.Path = "command-line.md")

            let named =
                Set [
                    for span in spans page do
                        if span.StartsWith("iqt ", System.StringComparison.Ordinal) then
                            (fst (mentioned span)).Words |> List.truncate 2 |> List.last
                ]

            let commands =
                tree.Value.Commands |> List.map (fun node -> List.last node.Words) |> Set

            Expect.equal (Set.toList (commands - named)) [] "commands that docs/command-line.md does not name"
        }

        test "lists of tests that a page names are there" {
            let named = [
                for page in pages.Value do
                    for _, lines in page.Blocks do
                        for found in Regex.Matches(String.concat "\n" lines, @"--filter-test-list ""([^""]+)""") ->
                            page.Path, found.Groups[1].Value
            ]

            Expect.isNonEmpty named "lists"

            let lists =
                match Impl.testFromThisAssembly () with
                | Some all ->
                    Test.toTestCodeList all
                    |> List.map (fun test -> test.name |> List.truncate (test.name.Length - 1) |> String.concat ".")
                | None -> []

            for page, list in named do
                Expect.exists lists _.Contains(list) $"{page}: {list}"
        }

        test "command lines are found wherever a block has them" {
            let block = [
                "iqt train espcn --data d \\"
                "    --out 'my run'   # iqt nothing"
                "A=b iqt networks --json > n.json && cd x"
                "source <(iqt completion bash)"
                "dotnet run -c Release --project cli/Iqt -- demo --quick"
                "dotnet run -c Release --project tests -- --list-tests"
                "ls iqt-data"
                "Iqt/   what iqt doctor looks at"
            ]

            let expected = [
                [ "train"; "espcn"; "--data"; "d"; "--out"; "my run" ]
                [ "networks"; "--json" ]
                [ "completion"; "bash" ]
                [ "demo"; "--quick" ]
            ]

            Expect.equal (runs block) expected "arguments"
            Expect.isSome (fault [ "train"; "espcn"; "--dta"; "d" ]) "an option that is not there"
        }
    ]
