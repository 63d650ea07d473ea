/// Subjects that the weights a run begins with have seen are no unseen ones.
module Iqt.Tests.Command.SeenSubjectTests

open System.IO
open Expecto
open Iqt.Training
open Iqt.Tests
open Iqt.Tests.Command.CommandLine
open Iqt.Tests.Training

[<Tests>]
let tests =
    testSequenced
    <| testList "command/seen subjects" [
        test "a run that starts from another says which held-out subjects that one has seen, and so does its evaluation" {
            TestData.inTemporaryFolder (fun folder ->
                let at name = Path.Combine(folder, name)

                let train name testSubjects options =
                    (succeeds (
                        [ "train"; "espcn"; "--data"; PhantomDataset.folder (); "--out"; at name ]
                        @ [ "--epochs"; "1"; "--patches"; "2"; "--threads"; "1" ]
                        @ [ "--test-subjects"; testSubjects ]
                        @ options
                    ))
                        .Error

                let roles name role = [
                    for subject in RunDirectory.Open(at name).Subjects do
                        if subject.Role = role then
                            subject.Id
                ]

                let seen = "was seen by the training of"
                Expect.isFalse ((train "first" "1" []).Contains seen) "its weights are drawn"
                Expect.isFalse ((train "same" "1" [ "--from"; at "first" ]).Contains seen) "the same are held out"

                // With more test subjects, some of them were trained on.
                let said = train "fewer" "3" [ "--from"; at "same" ]

                let both =
                    roles "fewer" SubjectRole.Test
                    |> List.filter (fun id -> List.contains id (roles "same" SubjectRole.Training))

                Expect.isNonEmpty both "who is tested now and was trained on"
                let names = String.concat ", " both

                Expect.stringContains said $"""{names}, held out for testing, {seen} {at "same"}""" "those of both"

                let evaluate name =
                    (succeeds [
                        "evaluate"
                        at name
                        "--data"
                        PhantomDataset.folder ()
                        "--subjects"
                        both.Head
                    ])
                        .Error

                Expect.stringContains
                    (evaluate "fewer")
                    $"""{at "fewer"} began with the weights of {at "same"}, whose training saw {both.Head}"""
                    "in its figures"

                // Nobody of the first run's is forgotten on the way over the second.
                train "third" "3" [ "--from"; at "fewer" ] |> ignore
                let origin = nonNull (RunDirectory.Open(at "third").ReadVersions().From)


                let before =
                    [ "first"; "same"; "fewer" ]
                    |> List.collect (fun run -> roles run SubjectRole.Training)

                Expect.equal (set (nonNull origin.TrainedOn)) (set before) "all before")
        }
    ]
