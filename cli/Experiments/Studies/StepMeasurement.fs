/// Memory and time of training steps, in a process that does nothing else.
module Iqt.Experiments.Studies.StepMeasurement

open System
open System.Diagnostics
open TorchSharp
open Iqt.Reversible
open Iqt.Reversible.Measurement
open Iqt.Training

/// The paper's step: 12 patches of 11³, loss, backward pass, Adam. The network's training settings say how it is
/// computed. Time first: the memory meter slows the allocator.
let run
    (catalog: NetworkCatalog)
    (network: StudiedNetwork)
    (settings: TrainingSettings)
    (mode: BackpropagationMode)
    (repetitions: int)
    (threads: int)
    : MeasurementResult =
    torch.set_num_threads threads

    use built =
        catalog
            .Find(network.Network)
            .Create(dict network.Hyperparameters |> Collections.Generic.Dictionary, torch.CPU, torch.ScalarType.Float32)

    Initializer.Apply(built, InitializationScheme.Identity, 0UL)
    let geometry = PatchGeometry.Of(built, 11)
    let input, output = geometry.InputSize, geometry.OutputSize
    let one = Standardization([| 0f |], [| 1f |])

    // A batch of random voxels: no data has to be read, and time and memory don't depend on the values.
    let image edge seed =
        let random = SeededRandom seed

        let grid =
            Iqt.Diffusion.Grid(Iqt.Diffusion.GridSize(edge, edge, edge), Iqt.Diffusion.Affine.Scaling(1.0, 1.0, 1.0))

        let values =
            Array.init (6 * edge * edge * edge) (fun _ ->
                float32 (random.NextBits() >>> 40) / float32 (1 <<< 24) - 0.5f)

        Iqt.Diffusion.TensorImage(grid, values), Iqt.Diffusion.Mask(grid, Array.create (edge * edge * edge) true)

    let low, lowMask = image input 1UL
    let high, brain = image (input * geometry.Rate) 2UL
    let subject = SubjectImages("random", low, lowMask, high, brain, PatchIndex.Empty)

    let batches =
        BatchBuilder(
            [| subject |],
            geometry,
            Normalization(NormalizationScope.PerChannel, one, one),
            LossRegion.AllVoxels,
            torch.CPU
        )

    use step = new TrainingStep(built, settings.With("mode", mode))
    let centre = PatchReference(0, input / 2, input / 2, input / 2)

    let once () =
        use batch = batches.Build(ReadOnlySpan(Array.create 12 centre))
        step.Run batch |> ignore

    once ()

    let seconds =
        Array.sort [|
            for _ in 1..repetitions ->
                let clock = Stopwatch.StartNew()
                once ()
                clock.Elapsed.TotalSeconds
        |]

    let resident = ResidentMemory()
    resident.ResetPeak()
    let above = MemoryMeter.For(torch.CPU).PeakAbove(Action once)

    {
        Label = network.Label
        Mode = string mode
        Parameters = built.ParameterCount
        StepMegabytes = float above / 1e6
        ProcessMegabytes = float resident.PeakBytes / 1e6
        StepSeconds = seconds[seconds.Length / 2]
        Threads = torch.get_num_threads ()
    }
