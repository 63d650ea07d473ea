/// Who a study's networks are evaluated on, and what of it is tested.
module Iqt.Tests.Experiments.StudyEvaluationTests

open System.IO
open System.Threading
open Expecto
open Iqt.Diffusion
open Iqt.Experiments
open Iqt.Experiments.Reports
open Iqt.Experiments.Studies
open Iqt.Training
open Iqt.Tests
open Iqt.Tests.Training

let private context folder cancellation : Work.Context = {
    Folder = folder
    Catalog = Fixtures.catalog.Value
    Progress = Reporter<float> ignore
    Cancellation = cancellation
}

let private work folder unit =
    Work.run (context folder CancellationToken.None) unit

let private trained (data: string) =
    study "s" {
        prepared data
        testSubjects 1
        subjectsWith 2 3
        network "espcn" "espcn" []
        protocol (TrainingSettings.Default.With("threads", 1))
        setting "epochs" 1
    }

let private begun folder =
    StudyFolder.Begin(Path.Combine(folder, "s"), EvaluatedStudy.study)

let private refusal action =
    try
        action () |> ignore
        failtest "not refused"
    with :? DataException as error ->
        error.Message

// The tiny phantoms as they were before the last of them was prepared, and with it.
let private growing folder =
    let data = Path.Combine(folder, "prepared")
    TestData.copyFolder (PhantomDataset.folder ()) data
    let file = Path.Combine(data, "dataset.json")
    let whole = File.ReadAllText file
    let last = whole.IndexOf(",\n    \"sub-05\"", System.StringComparison.Ordinal)
    File.WriteAllText(file, whole.Remove(last, ",\n    \"sub-05\"".Length))
    data, (fun () -> File.WriteAllText(file, whole))

[<Tests>]
let tests =
    testSequenced
    <| testList "experiments/evaluations" [
        test "subjects that are prepared later are not tested on" {
            TestData.inTemporaryFolder (fun folder ->
                let data, grow = growing folder
                let folder = StudyFolder.Begin(Path.Combine(folder, "s"), trained data)
                work folder PrepareData
                work folder (Train("espcn", 2, 0))
                grow ()
                work folder (Evaluate("espcn", 2))
                work folder (EvaluateBaselines 2)

                let subjects (unit: StudyUnit) = [
                    for method in (StudyResults.tryRead<EvaluationResult> folder unit).Value.Methods do
                        for error in method.Errors do
                            error.Subject
                ]

                Expect.equal (subjects (Evaluate("espcn", 2))) [ "sub-04" ] "the last when the study began"
                Expect.allEqual (subjects (EvaluateBaselines 2)) "sub-04" "interpolation on the same")
        }

        test "evaluations on different subjects are not tested against each other" {
            TestData.inTemporaryFolder (fun folder ->
                let folder = begun folder
                let errors = EvaluatedStudy.errors 3 20.0 50
                EvaluatedStudy.write folder "espcn" (List.take 2 errors)
                EvaluatedStudy.write folder "rn" (List.tail errors)
                let message = refusal (fun () -> StudyResults.tests folder)

                for words in [ "evaluate-espcn-3"; "sub-01, sub-02"; "evaluate-rn-3"; "sub-02, sub-03" ] do
                    Expect.stringContains message words "both are named")
        }

        test "interiors of different patch sizes are not tested against each other; the report says so" {
            TestData.inTemporaryFolder (fun folder ->
                let folder = begun folder
                EvaluatedStudy.write folder "espcn" (EvaluatedStudy.errors 2 20.0 50)
                EvaluatedStudy.write folder "rn" (EvaluatedStudy.errors 2 19.0 40)

                let tested () =
                    StudyResults.tests folder |> List.map _.Figure

                Expect.equal (tested ()) [ "total" ] "what both have in common"

                let page = (ErrorSection.html folder).Value
                Expect.stringContains page "rn (3 subjects): interior and exterior are not tested" "why"

                EvaluatedStudy.write folder "rn" (EvaluatedStudy.errors 2 19.0 50)
                Expect.equal (tested ()) [ "interior"; "exterior"; "total" ] "the same voxels"
                Expect.isFalse ((ErrorSection.html folder).Value.Contains "not tested") "nothing is left out")
        }

        test "the failure of an earlier attempt is not that of a later one" {
            TestData.inTemporaryFolder (fun folder ->
                let folder =
                    StudyFolder.Begin(Path.Combine(folder, "s"), trained (PhantomDataset.folder ()))

                work folder PrepareData
                let unit = Train("espcn", 2, 0)
                AtomicFile.WriteText(folder.Failure unit, "the disk was full\n")
                Expect.equal (folder.State unit) (Failed "the disk was full") "before"
                use stopped = new CancellationTokenSource()
                stopped.Cancel()

                Expect.throwsT<System.OperationCanceledException>
                    (fun () -> Work.run (context folder stopped.Token) unit)
                    "stopped on the way"

                Expect.equal (folder.State unit) Waiting "it did not fail")
        }
    ]
