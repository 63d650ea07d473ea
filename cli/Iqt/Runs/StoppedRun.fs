/// What is said of a run whose training did not come to its end.
module Iqt.Cli.StoppedRun

open System.Text.RegularExpressions
open Iqt.Training

// As a shell reads it: quoted where it would read something else.
let private word (text: string) =
    if Regex.IsMatch(text, @"^[\w./~=:+@%,-]+$") then
        text
    else
        "'" + text.Replace("'", @"'\''") + "'"

/// Says where a training was stopped and which command goes on with it; nothing if it has left no run.
let sayHowToGoOn (streams: Streams) (data: string) (folder: string) (plugins: string list) =
    match RunStage.Of folder with
    | null -> ()
    | stage ->
        let options =
            ("--data", data)
            :: ("--out", folder)
            :: [ for plugin in plugins -> "--plugin", plugin ]
            |> List.map (fun (option, value) -> $" {option} {word value}")
            |> String.concat ""

        streams.Say $"{folder}: stopped {stage.Place}. Go on with: iqt train --resume{options}"

/// Says which weights a run's are while its training has not come to its end.
let warn (streams: Streams) (folder: string) (weights: Checkpoint) =
    match RunStage.Of folder with
    | null -> ()
    | stage when stage.IsFinished -> ()
    | stage ->
        let state = if stage.IsHeld then "is still going on," else "was stopped"

        streams.Say
            $"{folder}: its training {state} {stage.Place}; the weights are those of epoch {weights.Epoch}, validation %.3f{weights.ValidationLoss}."
