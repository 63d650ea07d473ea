module Iqt.Tests.Training.CheckpointTests

open System.IO
open Expecto
open Iqt.Diffusion
open Iqt.Training
open Iqt.Tests
open Iqt.Tests.Training.Fixtures

let private normalization =
    Normalization(
        NormalizationScope.PerChannel,
        Standardization(Array.init 6 float32, Array.create 6 2f),
        Standardization(Array.create 6 1f, Array.init 6 (fun i -> float32 (i + 1)))
    )

[<Tests>]
let tests =
    testList "training" [
        testList "checkpoint" [
            testCase "a network and its normalisation come back" (fun () ->
                use network = create "espcn-rn" [ "Blocks", 1 ] 3UL
                use other = create "espcn-rn" [ "Blocks", 1 ] 4UL

                TestData.inTemporaryFolder (fun folder ->
                    let path = Path.Combine(folder, "c.safetensors")
                    let captured = Checkpoint.Capture(network, espcnGeometry, normalization, 7, 0.25)
                    captured.Write path
                    Expect.isNull (Checkpoint.Read path).Fit "nobody said how tensors were fitted"
                    let fit = FitOptions(Shell = Shell(1995.5, 30.25), Reweightings = 3)
                    captured.WithFit(fit).Write path
                    let found = Checkpoint.Read path
                    Expect.equal found.Fit fit "fit"
                    found.Restore(other, path)

                    for a, b in Seq.zip (NetworkState.Capture network) (NetworkState.Capture other) do
                        Expect.equal (b.Name, b.Data) (a.Name, a.Data) "state"

                    Expect.equal (found.Epoch, found.ValidationLoss, found.PatchSize) (7, 0.25, 11) "metadata"
                    Expect.equal found.Normalization.Target.Deviations normalization.Target.Deviations "normalisation"))
            testCase "another network's checkpoint is refused, both named" (fun () ->
                use network = create "espcn-rn" [ "Blocks", 1 ] 3UL
                use deeper = create "espcn-rn" [ "Blocks", 2 ] 3UL
                use plain = create "espcn" [] 3UL
                let checkpoint = Checkpoint.Capture(network, espcnGeometry, normalization, 1, 1.0)

                for target, words in [ deeper, [ "Blocks=1"; "Blocks=2" ]; plain, [ "espcn-rn"; "one of espcn " ] ] do
                    try
                        checkpoint.Restore(target, "c")
                        failtest "not refused"
                    with :? DataException as error ->
                        for word in words do
                            Expect.stringContains error.Message word "names both")
            testCase "settings: unknown keys and senseless values are refused" (fun () ->
                let settings =
                    TrainingSettings.Paper
                        .With("epochs", 3)
                        .With("mode", Iqt.Reversible.BackpropagationMode.SingleGraph)

                Expect.equal
                    (TrainingSettingsJson.Parse(settings.Format(), "s").Format())
                    (settings.Format())
                    "round trip"

                Expect.equal settings.Epochs 3 "changed"

                Expect.throwsT<DataException>
                    (fun () -> TrainingSettingsJson.Parse("""{"epoch":3}""", "s") |> ignore)
                    "unknown key"

                Expect.throwsT<DataException> (fun () -> settings.With("batchSize", 0) |> ignore) "batch of 0"
                Expect.throwsT<DataException> (fun () -> settings.With("loss", "everything") |> ignore) "unknown value")
        ]
    ]
