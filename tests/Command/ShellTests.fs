/// A network trained on tensors of another shell than the paper's: its scans are fitted at that one.
module Iqt.Tests.Command.ShellTests

open System.IO
open Expecto
open Iqt.Cli
open Iqt.Diffusion
open Iqt.Reversible
open Iqt.Training
open Iqt.Tests
open Iqt.Tests.Command.CommandLine

// The phantoms' files with other b-values.
let private stating (b: string) (folder: string) =
    for path in Directory.GetFiles(Phantoms.folder (), "*", SearchOption.AllDirectories) do
        let place = Path.Combine(folder, Path.GetRelativePath(Phantoms.folder (), path))
        Directory.CreateDirectory(nonNull (Path.GetDirectoryName place)) |> ignore

        if path.EndsWith ".bval" then
            let words = (File.ReadAllText path).Split([| ' '; '\n' |])

            words
            |> Array.map (fun word -> if (word = "" || float word < 900.0) then word else b)
            |> String.concat " "
            |> fun text -> File.WriteAllText(place, text)
        else
            File.Copy(path, place)

    folder

[<Tests>]
let tests =
    testSequenced
    <| testList "command/shell" [
        test "a scan is fitted at the shell that the network was trained on, and refused without it" {
            TestData.inTemporaryFolder (fun folder ->
                let at name = Path.Combine(folder, name)
                let bids = stating "2000" (at "bids")

                succeeds [
                    "prepare"
                    bids
                    "--shell"
                    "2000"
                    "--out"
                    at "prepared"
                    "--patches"
                    "12"
                ]
                |> ignore

                succeeds (
                    [ "train"; "espcn"; "--data"; at "prepared"; "--out"; at "run" ]
                    @ [ "--epochs"; "1"; "--threads"; "1" ]
                )
                |> ignore

                let scan = Path.Combine(bids, "sub-01", "dwi", "sub-01_dwi.nii.gz")
                let outcome = succeeds [ "predict"; at "run"; scan; "--out"; at "out" ]
                Expect.stringContains outcome.Error "fitted at b=2000 s/mm²" "said"

                // Half the diffusivity explains the same signals at twice the b-value: what prepare saw, predict sees.
                let fitted b =
                    let files = GradientFiles.Beside scan
                    let source = DwiFile scan
                    let mask = MaskFile.Read(nonNull (MaskPaths.Beside scan), source.Grid)
                    (TensorFit.Fit(source, files.Read(), mask, FitOptions(Shell = Shell(b)))).Tensors

                let best = Checkpoint.Read(RunDirectory.Open(at "run").BestCheckpoint)
                Expect.equal (nonNull (nonNull best.Fit).Shell).BValue 2000.0 "in the checkpoint"

                let model =
                    TrainedModel.Open(at "run", NetworkCatalog [ System.Reflection.Assembly.Load "Iqt.Models" ])

                use _ = model
                let mask = MaskFile.Read(nonNull (MaskPaths.Beside scan), (DwiFile scan).Grid)
                let expected = model.Predict(fitted 2000.0, UpsampledMask.Of(mask, 2))

                let predicted =
                    at "out/sub-01_desc-superresolved_model-tensor_param-diffusivity_dwimap.nii.gz"
                    |> TensorFile.Read

                Expect.equal predicted.Values expected.Values "of tensors at b=2000"

                let refused = iqt [ "predict"; at "run"; Phantoms.dwi (); "--out"; at "other" ]
                Expect.equal refused.Code ExitCode.Data refused.Error
                Expect.stringContains refused.Error "no volume at b=2000" "what is not there"
                Expect.stringContains refused.Error "trained on tensors of b=2000 s/mm²" "why it is wanted"

                // Figures of a network on another shell's tensors are said to be that.
                succeeds [ "prepare"; Phantoms.folder (); "--out"; at "usual"; "--patches"; "12" ]
                |> ignore

                let evaluate data =
                    (succeeds [ "evaluate"; at "run"; "--data"; at data; "--subjects"; "sub-01" ]).Error

                Expect.stringContains (evaluate "usual") "trained on tensors fitted at b=2000" "another shell"
                Expect.isFalse ((evaluate "prepared").Contains "fitted at") "its own")
        }
    ]
