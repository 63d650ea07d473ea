/// What a study's report says of errors and tests.
module Iqt.Tests.Experiments.StudyReportTests

open System.IO
open System.Text.RegularExpressions
open Expecto
open Iqt.Experiments.Reports
open Iqt.Experiments.Studies
open Iqt.Training
open Iqt.Tests

let private begun folder =
    StudyFolder.Begin(Path.Combine(folder, "s"), EvaluatedStudy.study)

let private section subjects =
    TestData.inTemporaryFolder (fun folder ->
        let folder = begun folder
        EvaluatedStudy.write folder "espcn" (EvaluatedStudy.errors subjects 20.0 50)
        EvaluatedStudy.write folder "rn" (EvaluatedStudy.errors subjects 19.0 50)
        (ErrorSection.html folder).Value)

let private run (folder: StudyFolder) label hyperparameters =
    let settings =
        TrainingSettings.Default.With("hyperparameters", dict hyperparameters)

    RunDirectory.Create(folder.Run(label, 3, 0), settings, []) |> ignore

[<Tests>]
let tests =
    testList "experiments/report" [
        test "an interval that can't reach 95 % says what it reaches" {
            // All means of two differences of n subjects cover the shift with 1 − 2^(1−n): Hollander and Wolfe, 3.3.
            Expect.isTrue (Regex.IsMatch(section 3, @"<td>[^<]*\[[^<]*\] 75 %</td>")) "three subjects"
            Expect.isTrue (Regex.IsMatch(section 5, @"<td>[^<]*\[[^<]*\] 93\.8 %</td>")) "five subjects"
            Expect.isFalse (Regex.IsMatch(section 6, @"\] [0-9.]+ %</td>")) "six reach it"
        }

        test "a tiny p is not said to be 0, a W of 0 is" {
            // 20 subjects of one sign: p = 2 / 2^20.
            let page = section 20
            Expect.stringContains page "W = 0, exact p &lt; 0.0001" "in words"
            Expect.stringContains page "<td>0</td><td>&lt; 0.0001</td>" "in the table"
            Expect.isFalse (page.Contains "p = 0)") "no p of 0"
            Expect.stringContains (section 8) "W = 0, exact p = 0.0078" "larger ones as they are"
        }

        test "depth is the run's, defaults included; a network without blocks is not drawn at a depth" {
            TestData.inTemporaryFolder (fun folder ->
                let study = {
                    EvaluatedStudy.study with
                        Networks =
                            EvaluatedStudy.study.Networks
                            @ [
                                {
                                    EvaluatedStudy.study.Networks.Head with
                                        Label = "unet"
                                        Network = "unet"
                                }
                            ]
                }

                let folder = StudyFolder.Begin(Path.Combine(folder, "s"), study)

                for label, level, hyperparameters in
                    [
                        "espcn", 20.0, []
                        "rn", 30.0, [ "Blocks", 7 ]
                        "unet", 40.0, [ "Channels", 8 ]
                    ] do
                    EvaluatedStudy.write folder label (EvaluatedStudy.errors 2 level 50)
                    run folder label hyperparameters

                let chart = (ErrorCharts.html folder).Split("<svg")[1]
                Expect.equal (Regex.Count(chart, "<circle")) 2 "ESPCN and the RevNet"
                Expect.stringContains chart ">7</text>" "the default that the run was trained with"
                Expect.stringContains chart ">0</text>" "ESPCN")
        }
    ]
