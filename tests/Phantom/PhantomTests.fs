module Iqt.Tests.Phantom.PhantomTests

open System
open System.IO
open Expecto
open Iqt.Diffusion
open Iqt.Diffusion.Phantom
open Iqt.Tests

let private subject seed index threads =
    PhantomSubject.Create(PhantomScale.Tiny, seed, index, threads)

let private first = lazy (subject 1UL 1 2)

let private volumes (source: DwiSource) (wanted: int list) =
    let found = ResizeArray<float32[]>()
    source.Visit(ResizeArray wanted, (fun _ values -> found.Add(Array.copy values)))
    found.ToArray()

let private settings count seed =
    SimulationSettings(count, PhantomScale.Tiny, seed)

let private refused (parts: string list) action =
    try
        action ()
        failtest "no exception"
    with :? DataException as error ->
        for part in parts do
            Expect.stringContains error.Message part part

[<Tests>]
let tests =
    testList "phantom" [
        test "the same on 1 and 4 threads, another with another seed or number" {
            let series threads =
                volumes ((subject 1UL 2 threads).Simulate()) [ 0; 1; 107 ]

            let one = series 1
            Expect.isTrue (one = series 4) "threads"
            Expect.isFalse (one = volumes (first.Value.Simulate()) [ 0; 1; 107 ]) "number"
            Expect.isFalse (one = volumes ((subject 2UL 2 2).Simulate()) [ 0; 1; 107 ]) "seed"
        }

        test "18 volumes at b=0 and 90 unit directions at b=1000" {
            let table = PhantomSubject.Gradients
            Expect.equal (table.BaselineVolumes().Length) 18 "b=0"

            let weighted = [
                for i in 0 .. table.Count - 1 do
                    if table.BValues[i] > 50.0 then
                        i
            ]

            Expect.equal weighted.Length 90 "weighted"

            for i in weighted do
                Expect.floatClose Accuracy.medium table.Directions[i].Norm 1.0 "unit"
        }

        test "the noise is Rician" {
            for signal in [ 0.0f; 100.0f ] do
                let noise = RicianNoise(7UL, 20.0)
                let values = Array.init 200000 (fun i -> float (noise.Measure(signal, i, 3)))
                // E[M²] = A² + 2σ²; without signal the mean is σ √(π/2).
                let power = values |> Array.averageBy (fun v -> v * v)
                let expected = float signal ** 2.0 + 2.0 * 400.0
                Expect.isLessThan (abs (power / expected - 1.0)) 0.01 "second moment"

                if signal > 0.0f then
                    // At A = 5σ Rice's mean is A + σ²/2A + σ⁴/8A³ to 1e-3 of σ (Gudbjartsson and Patz 1995).
                    let a = float signal
                    let expected = a + 400.0 / (2.0 * a) + 160000.0 / (8.0 * a ** 3.0)
                    Expect.isLessThan (abs (Array.average values - expected)) 0.2 "mean with signal"
                else
                    Expect.isLessThan (abs (Array.average values - 20.0 * sqrt (Math.PI / 2.0))) 0.2 "mean"
        }

        test "tissues add up, the mask holds a brain, subjects differ" {
            let a = first.Value

            let fractions =
                Enum.GetValues<Tissue>() |> Array.map (fun t -> a.Fraction(t).Values)

            for voxel in 0 .. a.Mask.Values.Length - 1 do
                let sum = fractions |> Array.sumBy (fun f -> float f[voxel])

                if abs (sum - 1.0) > 1e-5 then
                    failtestf "voxel %d: %f" voxel sum

            Expect.isGreaterThan a.Mask.Count 2000 "mask"
            Expect.isLessThan a.Mask.Count (a.Mask.Values.Length * 3 / 4) "mask"
            let white = a.Fraction(Tissue.White).Values
            let other = (subject 1UL 2 2).Fraction(Tissue.White).Values

            let differing =
                Array.fold2 (fun n x y -> if abs (x - y) > 0.5f then n + 1 else n) 0 white other

            Expect.isGreaterThan differing (a.Mask.Count / 20) "anatomy"
        }

        test "pure fluid fits back to free water" {
            let a = first.Value
            let tensors = a.TrueTensors()
            let fluid = a.Fraction(Tissue.CerebrospinalFluid).Values

            let wholly = [
                for i in 0 .. fluid.Length - 1 do
                    if fluid[i] = 1.0f && a.Mask.Values[i] then
                        i
            ]

            Expect.isNonEmpty wholly "no voxel of pure fluid"

            for element in 0..5 do
                let values = tensors.Element(element).ToArray()
                let expected = if List.contains element [ 0; 3; 5 ] then 3e-3 else 0.0

                for voxel in wholly do
                    if abs (float values[voxel] - expected) > 1e-6 then
                        failtestf "element %d: %g" element values[voxel]
        }

        test "a bias field changes signals smoothly and leaves their ratios" {
            let a = first.Value
            let b0, b1000 = 0, 107
            let exact = volumes (a.SimulateWithoutNoise()) [ b0; b1000 ]
            // Hardly any noise: what is left is the field.
            let biased = volumes (a.Simulate(1e9, 0.2)) [ b0; b1000 ]

            let gains = [|
                for i in 0 .. exact[0].Length - 1 do
                    if a.Mask.Values[i] && exact[0][i] > 100f then
                        let gain = biased[0][i] / exact[0][i]
                        Expect.floatClose Accuracy.low (float (biased[1][i] / exact[1][i])) (float gain) "one factor"
                        log (float gain)
            |]

            let mean = Array.average gains
            let spread = gains |> Array.averageBy (fun g -> (g - mean) ** 2.0) |> sqrt
            Expect.isTrue (spread > 0.02 && spread < 0.5) $"spread of its logarithm {spread}"

            let size = a.Grid.Size

            for i in 0 .. exact[0].Length - 2 do
                let struct (x, _, _) = size.Position i

                if x < size.X - 1 && exact[0][i] > 100f && exact[0][i + 1] > 100f then
                    let step =
                        log (biased[0][i] / exact[0][i]) - log (biased[0][i + 1] / exact[0][i + 1])

                    Expect.isLessThan (abs step) 0.1f "from voxel to voxel"
        }

        test "there is tissue below the cerebrum: a cerebellum of folia behind, a stem of white matter before it" {
            // Half scale: the tiny brain lies within the same millimetres, only smaller.
            let a = first.Value
            let grey, white = a.Fraction(Tissue.CorticalGrey), a.Fraction(Tissue.White)
            let scale = 32.0 * 2.5 / 181.0

            let around (fractions: Volume) (y, z) =
                let inverse = a.Grid.Affine.Inverse()

                Seq.average (
                    seq {
                        for x in -20.0 .. 2.5..20.0 do
                            let struct (i, j, k) = inverse.Apply(x * scale, y * scale, z * scale)
                            float (fractions[int (round i), int (round j), int (round k)])
                    }
                )

            Expect.isGreaterThan (around white (-20.0, -62.0)) 0.2 "medulla"
            Expect.isGreaterThan (around grey (-60.0, -55.0)) 0.15 "cortex of the cerebellum"
            Expect.isGreaterThan (around white (-48.0, -47.0)) 0.15 "white matter of the cerebellum"
        }

        test "a data set is found, goes on, and refuses another seed or folder" {
            TestData.inTemporaryFolder (fun root ->
                let folder = Path.Combine(root, "set")
                Simulation.Write(settings 1 1UL, folder)
                let dwi = Path.Combine(folder, "sub-01", "dwi", "sub-01_dwi.nii.gz")
                let written = File.GetLastWriteTimeUtc dwi
                Simulation.Write(settings 2 1UL, folder)
                Expect.equal (File.GetLastWriteTimeUtc dwi) written "rewritten"
                Expect.equal [ for s in (Dataset.Find folder).Subjects -> s.Subject ] [ "sub-01"; "sub-02" ] "subjects"
                refused [ folder; "Choose another folder" ] (fun () -> Simulation.Write(settings 2 9UL, folder))
                File.WriteAllText(Path.Combine(root, "notes.txt"), "")
                refused [ root; "Choose another folder" ] (fun () -> Simulation.Write(settings 1 1UL, root))
                let file = Path.Combine(root, "notes.txt")
                refused [ file; "Choose another folder" ] (fun () -> Simulation.Write(settings 1 1UL, file)))
        }

        test "one process at a time writes a data set" {
            TestData.inTemporaryFolder (fun folder ->
                let settings = SimulationSettings(1, PhantomScale.Tiny, 1UL)
                Simulation.Write(settings, folder)

                let locked () =
                    use _ = FolderLock.Take(folder, "iqt simulate")
                    Simulation.Write(settings, folder)

                let error = Expect.throwsC locked id
                Expect.stringContains error.Message "another iqt simulate" "held by another"
                Simulation.Write(settings, folder))
        }

        test "bad settings are refused before the folder is claimed" {
            TestData.inTemporaryFolder (fun root ->
                let folder = Path.Combine(root, "set")

                for bad in [ settings 0 1UL; SimulationSettings(1, PhantomScale.Tiny, 1UL, Snr = 0.0) ] do
                    Expect.throwsT<ArgumentOutOfRangeException> (fun () -> Simulation.Write(bad, folder)) "accepted"

                Expect.isFalse (Directory.Exists folder) "claimed")
        }
    ]
