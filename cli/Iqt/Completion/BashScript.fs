/// A tree of commands as a completion script for bash.
module Iqt.Cli.Completion.BashScript

open Iqt.Cli.Completion.CommandTree

let rec private nodes (node: Node) =
    node :: List.collect nodes node.Commands

let private names (options: Option list) =
    options |> List.collect _.Names |> String.concat " "

// An entry of _iqt_read: what a command knows.
let private entry (node: Node) =
    let switches, valued = node.Options |> List.partition _.Values.IsEmpty
    let commands = node.Commands |> List.map (_.Words >> List.last) |> String.concat " "

    let arguments =
        node.Arguments
        |> List.map (function
            | Network -> "network"
            | Words _ -> "word"
            | Path -> "path")
        |> String.concat " "

    [
        $"""        "{String.concat " " node.Words}")"""
        $"""            commands="{commands}" arguments="{arguments}" """.TrimEnd()
        $"""            switches="{names switches}" """.TrimEnd()
        $"""            valued="{names valued}" ;;"""
    ]

// An entry of _iqt_words: the words that an option or an argument takes.
let private choices (node: Node) =
    let path = String.concat " " node.Words

    [
        for option in node.Options do
            for value in List.truncate 1 option.Values do
                match value with
                | Words words ->
                    let patterns = option.Names |> List.map (fun name -> $"\"{path} {name}\"")
                    $"""        {String.concat " | " patterns}) echo "{String.concat " " words}" ;;"""
                | Network
                | Path -> ()
        for i, value in List.indexed node.Arguments do
            match value with
            | Words words -> $"""        "{path} {i}") echo "{String.concat " " words}" ;;"""
            | Network
            | Path -> ()
    ]

let private completion =
    """
_iqt() {
    local word=${COMP_WORDS[COMP_CWORD]} command=iqt option="" place=0 i given words=""
    local commands arguments switches valued
    _iqt_read "$command"
    for ((i = 1; i < COMP_CWORD; i++)); do
        given=${COMP_WORDS[i]}
        if [[ $given == [=:] ]]; then
            ((i += 1)) # bash takes Blocks=4 and cuda:0 apart: three words that are one
        elif [[ -n $option ]]; then
            option=""
        elif [[ " $valued " == *" $given "* ]]; then
            option=$given
        elif [[ " $commands " == *" $given "* ]]; then
            command+=" $given"
            _iqt_read "$command"
        elif [[ $given != -* ]]; then
            ((place += 1))
        fi
    done

    local -a kinds=($arguments)
    if [[ -n $option ]]; then
        words=$(_iqt_words "$command $option")
    elif [[ $word == -* ]]; then
        words="$switches $valued"
    elif [[ -n $commands ]]; then
        words=$commands
    elif [[ ${kinds[place]} == network ]]; then
        words=$_iqt_networks
    else
        words=$(_iqt_words "$command $place")
    fi

    if [[ -n $words ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    else
        compopt -o filenames 2> /dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}

complete -F _iqt iqt"""

/// The script: commands and options of the tree, and the names of networks.
let text (version: string) (tree: Node) (networks: string list) : string =
    let all = nodes tree

    [
        $"# Completion of iqt {version} for bash. Load it in ~/.bashrc:  source <(iqt completion bash)"
        ""
        $"""_iqt_networks="{String.concat " " networks}" """.TrimEnd()
        ""
        "# Reads what a command knows into its caller's variables."
        "_iqt_read() {"
        "    case \"$1\" in"
        yield! List.collect entry all
        "    esac"
        "}"
        ""
        "# The words that an option or an argument takes; none where it takes a path or a number."
        "_iqt_words() {"
        "    case \"$1\" in"
        yield! List.collect choices all
        "    esac"
        "}"
    ]
    |> String.concat "\n"
    |> fun tables -> tables + "\n" + completion
