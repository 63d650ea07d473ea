/// What held-out subjects are worth on whom the weights that a run began with were trained (iqt train --from).
module Iqt.Cli.SeenSubjects

open Iqt.Training

let private seenBefore (run: RunDirectory) (chosen: RunSubject -> bool) =
    match run.ReadVersions().From with
    | null -> None
    | origin ->
        match origin.TrainedOn with
        | null -> None
        | seen ->
            match
                [
                    for subject in run.Subjects do
                        if chosen subject && Seq.contains subject.Id seen then
                            subject.Id
                ]
            with
            | [] -> None
            | names -> Some(String.concat ", " names, origin.Run)

/// Says, when a training begins, which subjects are held out for nothing.
let sayHeldOut (streams: Streams) (folder: string) =
    let run = RunDirectory.Open folder

    for role, purpose, consequence in
        [
            SubjectRole.Validation, "validation", "validation flatters, and the best epoch is chosen by it"
            SubjectRole.Test, "testing", "the errors that iqt evaluate finds there will not be those of unseen subjects"
        ] do
        match seenBefore run (fun subject -> subject.Role = role) with
        | Some(names, origin) ->
            streams.Say
                $"{names}, held out for {purpose}, was seen by the training of {origin}, whose weights this run begins with: {consequence}. Hold out those that {origin} held out (its subjects.tsv), or train anew without --from."
        | None -> ()

/// Says whether subjects that are evaluated were seen by the training of the weights that the run began with.
let sayEvaluated (streams: Streams) (run: RunDirectory) (chosen: PreparedSubject list) =
    match seenBefore run (fun subject -> chosen |> List.exists (fun one -> one.Id = subject.Id)) with
    | Some(names, origin) ->
        streams.Say
            $"{run.Folder} began with the weights of {origin}, whose training saw {names}: if they are the same people, their errors say nothing of unseen subjects."
    | None -> ()
