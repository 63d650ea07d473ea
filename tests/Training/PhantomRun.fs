/// Short runs on the tiny phantoms that end, break off and go on.
module Iqt.Tests.Training.PhantomRun

open System
open System.IO
open System.Threading
open Expecto
open Iqt.Training
open Iqt.Tests.Training.Fixtures

/// Four short epochs of a small network.
let settings =
    TrainingSettings.Default
        .With("network", "espcn-rn")
        .With("hyperparameters", dict [ "Blocks", 1 ])
        .With("epochs", 4)
        .With("threads", 1)
        .With("patchesPerSubject", 6)

/// Both checkpoints, byte by byte.
let weights folder = [
    for name in [ "best"; "last" ] ->
        hash (File.ReadAllBytes(Path.Combine(folder, "checkpoints", name + ".safetensors")))
]

/// Trains to the end.
let start folder (settings: TrainingSettings) =
    TrainingRun.Start(catalog.Value, PhantomDataset.opened (), settings, folder)

/// Goes on to the end.
let resume folder =
    TrainingRun.Resume(catalog.Value, PhantomDataset.opened (), folder)

/// Begins a run and ends it in the middle of an epoch.
let startUntil epoch step folder (settings: TrainingSettings) =
    use source = new CancellationTokenSource()

    let stop (state: TrainingProgress) =
        if state.Epoch = epoch && state.Step = step then
            source.Cancel()

    Expect.throwsT<OperationCanceledException>
        (fun () ->
            TrainingRun.Start(
                catalog.Value,
                PhantomDataset.opened (),
                settings,
                folder,
                Iqt.Experiments.Reporter<_> stop,
                source.Token
            )
            |> ignore)
        "stopped"

/// The message of a refusal; fails if there is none or it is no refusal.
let refusal (action: unit -> unit) =
    try
        action ()
        failtest "not refused"
    with
    | :? Iqt.Diffusion.DataException as error -> error.Message
    | :? ArgumentException as error -> error.Message
