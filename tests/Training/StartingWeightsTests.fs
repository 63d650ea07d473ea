/// Runs that start from a trained one.
module Iqt.Tests.Training.StartingWeightsTests

open System
open System.IO
open Expecto
open Iqt.Reversible
open Iqt.Training
open Iqt.Tests
open Iqt.Tests.Training.Fixtures
open Iqt.Tests.Training.PhantomRun

let private espcn =
    settings.With("network", "espcn").With("hyperparameters", dict<string, int> [])

// No float32 weight changes at such a rate: validation sees the weights that the run started from.
let private atRest (settings: TrainingSettings) =
    settings.With("learningRate", 1e-30).With("epochs", 1)

let private state (path: string) = [ for entry in (Checkpoint.Read path).State -> entry.Name, hash entry.Data ]

/// A trained ESPCN, and a folder for what starts from it.
let private withTrained (settings: TrainingSettings) action =
    TestData.inTemporaryFolder (fun folder ->
        let trained = Path.Combine(folder, "trained")
        start trained (settings.With("epochs", 2)) |> ignore
        action folder trained)

[<Tests>]
let tests =
    testSequenced
    <| testList "training/from" [
        test "deepened by stacks that start as the identity, a run starts at the old one's validation error" {
            withTrained espcn (fun folder trained ->
                let validation name (settings: TrainingSettings) =
                    let run = Path.Combine(folder, name)
                    start run (atRest settings) |> ignore
                    (Seq.head (RunDirectory.Open(run).ReadMetrics())).ValidationLoss

                let before =
                    (Checkpoint.Read(RunDirectory.Open(trained).BestCheckpoint)).ValidationLoss

                let from =
                    settings.With("from", trained).With("initialization", InitializationScheme.He)

                let after = validation "identity" (from.With("identity", true))
                Expect.isLessThan (abs (after - before)) (1e-5 * before) "the same error"
                // The stacks' noise shows that it is not the weights alone that make it so.
                Expect.isGreaterThan (abs (validation "noise" from - before)) (1e-3 * before) "other start values")
        }

        test "the normalisation is the old run's on other subjects too, and settings and versions say where from" {
            withTrained (espcn.With("subjects", 3)) (fun folder trained ->
                let run = Path.Combine(folder, "run")
                // Settings keep the full path: the folder from which a run goes on may be another.
                let from = Path.GetRelativePath(Directory.GetCurrentDirectory(), trained)
                let wanted = settings.With("from", from).With("subjects", 5).With("epochs", 2)
                let own = Path.Combine(folder, "own")
                start own (settings.With("subjects", 5).With("epochs", 1)) |> ignore
                start run wanted |> ignore
                let old = Checkpoint.Read(RunDirectory.Open(trained).BestCheckpoint)

                let normalization folder =
                    (Checkpoint.Read(RunDirectory.Open(folder: string).LastCheckpoint)).Normalization

                Expect.equal (normalization run) old.Normalization "the old run's"
                Expect.notEqual (normalization own) old.Normalization "which is not the data's own"
                let opened = RunDirectory.Open run
                Expect.equal opened.Settings.From (Path.GetFullPath trained) "settings.json"
                let origin = nonNull (opened.ReadVersions().From)

                Expect.equal
                    (origin.Run, origin.Network, origin.Epoch, origin.ValidationLoss)
                    (Path.GetFullPath trained, "espcn", old.Epoch, old.ValidationLoss)
                    "versions.json"

                Expect.equal
                    (TrainingRun.StartOrResume(catalog.Value, PhantomDataset.opened (), wanted, run)).Epochs
                    2
                    "the same settings are the same run")
        }

        test "stopped and resumed, it ends in the weights of an unbroken run, byte by byte" {
            withTrained (espcn.With("subjects", 3)) (fun folder trained ->
                let at name = Path.Combine(folder, name)
                let settings = settings.With("from", trained).With("epochs", 2)
                start (at "whole") settings |> ignore
                startUntil 2 1 (at "broken") settings
                // It needs the old run no more.
                Directory.Move(trained, at "elsewhere")
                resume (at "broken") |> ignore
                Expect.equal (weights (at "broken")) (weights (at "whole")) "weights")
        }

        test "killed before its first checkpoint, it starts anew from the same weights and refuses others" {
            withTrained espcn (fun folder trained ->
                let at name = Path.Combine(folder, name)
                let settings = settings.With("from", trained).With("epochs", 1)
                start (at "whole") settings |> ignore
                startUntil 1 1 (at "broken") settings
                let last = RunDirectory.Open(at "broken").LastCheckpoint
                File.Delete last
                resume (at "broken") |> ignore
                Expect.equal (weights (at "broken")) (weights (at "whole")) "weights"
                File.Delete last
                let best = RunDirectory.Open(trained).BestCheckpoint
                let checkpoint = Checkpoint.Read best
                File.Delete best
                (Checkpoint.Read(RunDirectory.Open(trained).LastCheckpoint)).Write best
                Expect.notEqual (Checkpoint.Read best).Resumption checkpoint.Resumption "another file"

                Expect.stringContains
                    (refusal (fun () -> resume (at "broken") |> ignore))
                    "was begun from other weights than"
                    "message")
        }

        test "fine-tuning: the same network begins with all of its weights and statistics" {
            withTrained settings (fun folder trained ->
                let run = Path.Combine(folder, "run")
                startUntil 1 1 run (settings.With("from", trained).With("seed", 5))
                let opened = RunDirectory.Open run
                Expect.equal (state opened.LastCheckpoint) (state (RunDirectory.Open(trained).BestCheckpoint)) "state")
        }

        test
            "no run, no trained weights, another network, other hyperparameters, another normalisation: each is refused" {
            withTrained settings (fun folder trained ->
                let at name = Path.Combine(folder, name)
                Directory.CreateDirectory(at "empty") |> ignore
                startUntil 1 1 (at "young") settings

                for from, wanted, words in
                    [
                        at "nowhere", settings, [ "nowhere: does not exist" ]
                        at "empty", settings, [ "empty: holds no settings.json" ]
                        at "young", settings, [ "young: has finished no epoch" ]
                        trained,
                        espcn,
                        [
                            "a run of espcn-rn (Blocks=1)"
                            "from which espcn can't"
                            "no segment Stack1"
                        ]
                        trained,
                        settings.With("hyperparameters", dict [ "Blocks", 2 ]),
                        [ "espcn-rn (Blocks=1)"; "espcn-rn (Blocks=2)"; "--set" ]
                        trained,
                        settings.With("normalization", NormalizationScope.PerVoxel),
                        [ "perChannel"; "perVoxel was asked for"; "Set normalization=perChannel" ]
                    ] do
                    let message =
                        refusal (fun () -> start (at "run") (wanted.With("from", from)) |> ignore)

                    for word in words do
                        Expect.stringContains message word "message"

                    Expect.isFalse (RunDirectory.Exists(at "run")) "nothing was written")
        }

        test "a normalisation of every voxel ties a run to the patches of the old one" {
            withTrained (espcn.With("normalization", NormalizationScope.PerVoxel)) (fun folder trained ->
                let wanted =
                    espcn.With("normalization", NormalizationScope.PerVoxel).With("patchSize", 9).With("from", trained)

                Expect.stringContains
                    (refusal (fun () -> start (Path.Combine(folder, "run")) wanted |> ignore))
                    "Set patchSize=11"
                    "message")
        }
    ]
