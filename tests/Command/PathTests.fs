module Iqt.Tests.Command.PathTests

open System
open System.IO
open System.Security.Cryptography
open System.Text.Json
open Expecto
open Iqt.Cli
open Iqt.Diffusion
open Iqt.Tests
open Iqt.Tests.Command.CommandLine

[<Tests>]
let tests =
    testList "command" [
        test "from phantoms to an evaluated network and a super-resolved scan" {
            TestData.inTemporaryFolder (fun folder ->
                let at name = Path.Combine(folder, name)

                succeeds [ "simulate"; "--subjects"; "3"; "--scale"; "tiny"; "--out"; at "phantoms" ]
                |> ignore

                succeeds [ "prepare"; at "phantoms"; "--out"; at "prepared"; "--patches"; "24" ]
                |> ignore

                let train out more =
                    [ "train"; "espcn"; "--data"; at "prepared"; "--out"; at out ] @ more

                let trained =
                    json (succeeds (train "run" [ "--epochs"; "2"; "--test-subjects"; "1"; "--json" ]))

                Expect.equal (trained.GetProperty("epochs").GetInt32()) 2 "epochs"
                refuses ExitCode.Data [ "run"; "empty folder" ] (train "run" [])
                refuses ExitCode.Usage [ "epochs" ] (train "other" [ "--epochs"; "0" ])

                let methods =
                    json (succeeds [ "evaluate"; at "run"; "--data"; at "prepared"; "--json" ])

                for method in methods.EnumerateArray() do
                    let subject = method.GetProperty("subjects")[0]
                    Expect.equal (subject.GetProperty("subject").GetString()) "sub-03" "the held-out subject"
                    Expect.isGreaterThan (subject.GetProperty("total").GetDouble()) 0.0 "an error"

                    let voxels (region: string) =
                        subject.GetProperty(region + "Voxels").GetInt32()

                    Expect.isTrue
                        (voxels "interior" <= voxels "covered" && voxels "covered" < voxels "brain")
                        "of so many voxels"

                    // Interpolation of a brain's edge, where nothing is known, is far off.
                    Expect.isLessThan
                        (subject.GetProperty("covered").GetDouble())
                        (subject.GetProperty("total").GetDouble())
                        "without the edge"

                Expect.equal (methods.GetArrayLength()) 5 "three interpolations, ridge regression and the network"

                let printed = (succeeds [ "evaluate"; at "run"; "--data"; at "prepared" ]).Out
                let notes = printed.Replace('\n', ' ')
                Expect.stringContains printed "brain voxels of sub-03" "whose figures they are"
                Expect.stringContains notes "voxels whose patch of 11×11×11" "what the regions are"
                Expect.stringContains notes "Interpolation has little to go by there" "why the total flatters"
                Expect.stringContains notes "over the covered voxels" "how the network stands"
                Expect.stringContains notes "from 5 mm to 2.5 mm" "which step was evaluated"
                let named = printed.Split '\n' |> Array.filter _.Contains("cubic interpolation")
                Expect.hasLength named 1 "one subject's figures are their own mean"

                // Another data set whose subjects have the same names: no baseline may learn from them.
                succeeds [
                    "simulate"
                    "--subjects"
                    "3"
                    "--scale"
                    "tiny"
                    "--seed"
                    "9"
                    "--out"
                    at "others"
                ]
                |> ignore

                succeeds [ "prepare"; at "others"; "--out"; at "others-prepared"; "--patches"; "24" ]
                |> ignore

                let elsewhere =
                    json (succeeds [ "evaluate"; at "run"; "--data"; at "others-prepared"; "--json" ])

                Expect.equal (elsewhere.GetArrayLength()) 4 "without ridge regression"

                succeeds [ "evaluate"; at "run"; "--data"; at "prepared"; "--out"; at "evaluation" ]
                |> ignore

                let tests =
                    json (
                        succeeds [
                            "stats"
                            "wilcoxon"
                            at "evaluation/espcn.csv"
                            at "evaluation/cubic-interpolation.csv"
                            "--column"
                            "total"
                            "--json"
                        ]
                    )

                // One subject: its difference is all that there is, and either sign is as likely.
                Expect.equal (tests[0].GetProperty("pairs").GetInt32()) 1 "a pair"
                Expect.equal (tests[0].GetProperty("pExact").GetDouble()) 1.0 "p"

                succeeds [ "export"; at "run"; "--out"; at "authors.safetensors" ] |> ignore

                succeeds [ "import"; at "authors.safetensors"; "--out"; at "imported.safetensors" ]
                |> ignore

                let again =
                    succeeds [ "train"; "--resume"; "--data"; at "prepared"; "--out"; at "run"; "--json" ]

                Expect.equal ((json again).GetProperty("epochs").GetInt32()) 2 "of the run"
                Expect.equal ((json again).GetProperty("newEpochs").GetInt32()) 0 "of this command"
                Expect.stringContains again.Error "was finished already, after 2 epochs" "said"
                Expect.stringContains again.Error $"""--from {at "run"}""" "how to train further"

                refuses ExitCode.Usage [ "--resume"; "own settings" ] [
                    "train"
                    "--resume"
                    "--data"
                    at "prepared"
                    "--out"
                    at "run"
                    "--epochs"
                    "9"
                ]

                refuses ExitCode.Usage [ "name a network" ] [ "train"; "--data"; at "prepared"; "--out"; at "other" ]
                refuses ExitCode.Data [ "study.json" ] [ "experiment"; "status"; at "run" ]

                let scan = at "phantoms/sub-03/dwi/sub-03"

                let predicted =
                    succeeds [
                        "predict"
                        at "run"
                        scan + "_dwi.nii.gz"
                        "--mask"
                        scan + "_desc-brain_mask.nii.gz"
                        "--out"
                        at "out"
                        "--json"
                    ]

                for file in (json predicted).GetProperty("files").EnumerateArray() do
                    match file.GetString() with
                    | null -> failtest "a file without a name"
                    | name -> Expect.isTrue (File.Exists name) $"{name} was written"

                refuses ExitCode.Data [ "hr_tensor"; "say --tensors" ] [
                    "predict"
                    at "run"
                    at "prepared/sub-03/hr_tensor.nii.gz"
                    "--out"
                    at "out"
                ]

                // HCP gives every subject's series the same name: results are called by the subject.
                let hcp = Directory.CreateDirectory(at "hcp/100307/T1w/Diffusion").FullName

                for from, name in [ "_dwi.nii.gz", "data.nii.gz"; "_dwi.bval", "bvals"; "_dwi.bvec", "bvecs" ] do
                    File.Copy(scan + from, Path.Combine(hcp, name))

                let maskless =
                    succeeds [ "predict"; at "run"; Path.Combine(hcp, "data.nii.gz"); "--out"; at "out" ]

                Expect.stringContains maskless.Out "100307_desc-superresolved" "named by the subject"
                Expect.stringContains maskless.Error "There is no mask" "what a computed mask means"
                let mask = at "out/100307_desc-brain_mask.nii.gz"
                Expect.stringContains maskless.Error mask "where it can be looked at"
                Expect.stringContains maskless.Out mask "among the results"
                let series = DwiFile(Path.Combine(hcp, "data.nii.gz"))

                Expect.equal
                    (MaskFile.Read(mask, series.Grid).Count)
                    (BrainMask.Compute(series, GradientFiles.Beside(Path.Combine(hcp, "data.nii.gz")).Read()).Count)
                    "the mask that was used"

                let beside = Path.Combine(hcp, "nodif_brain_mask.nii.gz")
                File.Copy(scan + "_desc-brain_mask.nii.gz", beside)

                let masked =
                    succeeds [
                        "predict"
                        at "run"
                        Path.Combine(hcp, "data.nii.gz")
                        "--out"
                        at "masked"
                        "--json"
                    ]

                Expect.stringContains
                    masked.Error
                    $"{beside}; name another by --mask"
                    "the mask beside the scan is used"

                Expect.equal ((json masked).GetProperty("mask").GetString()) beside "for machines"

                Expect.equal
                    ((json masked).GetProperty("voxels").GetInt32())
                    ((json predicted).GetProperty("voxels").GetInt32())
                    "as if it had been named"

                // Two epochs make impossible tensors, as the fit of noise does.
                Expect.stringContains maskless.Error "not positive definite; kept as predicted" "said"
                Expect.stringContains maskless.Error "FA is unreliable there" "what it means"
                let count = (json predicted).GetProperty("nonPositiveDefinite").GetInt32()
                Expect.isGreaterThan count 0 "counted"

                let saysPredicted prefix parameter =
                    let sidecar = at $"{prefix}_model-tensor_param-{parameter}_dwimap.json"

                    use document = JsonDocument.Parse(File.ReadAllText sidecar)
                    let origin = document.RootElement.GetProperty("GeneratedBy")[0]
                    Expect.equal (origin.GetProperty("Name").GetString()) "Iqt" "program"
                    Expect.equal (origin.GetProperty("Network").GetString()) "espcn" "network"

                    let hash =
                        File.ReadAllBytes(at "run/checkpoints/best.safetensors")
                        |> SHA256.HashData
                        |> Convert.ToHexStringLower

                    Expect.equal (origin.GetProperty("CheckpointSha256").GetString()) hash "weights"

                    let sources = [
                        for source in document.RootElement.GetProperty("Sources").EnumerateArray() ->
                            Path.GetFullPath(string (source.GetString()), nonNull (Path.GetDirectoryName sidecar))
                    ]

                    Expect.equal
                        sources
                        [
                            scan + "_dwi.nii.gz"
                            scan + "_desc-brain_mask.nii.gz"
                            at "run/checkpoints/best.safetensors"
                        ]
                        "sources"

                let prefix = "out/sub-03_desc-superresolved"

                for parameter in [ "diffusivity"; "md"; "fa" ] do
                    saysPredicted prefix parameter

                // Maps of predicted tensors stay predicted, also over predict's own files.
                let tensors = at $"{prefix}_model-tensor_param-diffusivity_dwimap.nii.gz"
                succeeds [ "maps"; tensors ] |> ignore
                succeeds [ "maps"; tensors; "--out"; at "maps/of/sub-03" ] |> ignore

                for parameter in [ "md"; "fa"; "ad"; "rd"; "colorfa" ] do
                    saysPredicted prefix parameter
                    saysPredicted "maps/of/sub-03" parameter

                refuses ExitCode.Data [ at "gone"; "iqt train" ] [
                    "predict"
                    at "gone"
                    scan + "_dwi.nii.gz"
                    "--out"
                    at "out"
                ]

                // A checkpoint that another build wrote, of a network that this one does not declare.
                let checkpoint = at "run/checkpoints/best.safetensors"
                let bytes = File.ReadAllBytes checkpoint
                let header = System.Text.Encoding.Latin1.GetString bytes
                let foreign = header.Replace("espcn\"", "other\"").Replace("espcn\\\"", "other\\\"")
                Expect.isFalse (foreign = header) "the header names the network"
                File.WriteAllBytes(checkpoint, System.Text.Encoding.Latin1.GetBytes foreign)

                refuses ExitCode.Data [ "best.safetensors"; "'other'"; "espcn, espcn-rn" ] [
                    "evaluate"
                    at "run"
                    "--data"
                    at "prepared"
                ]

                // Weights of another network in the folder of this one.
                succeeds (
                    [ "train"; "espcn-rn"; "--set"; "Blocks=0"; "--data"; at "prepared" ]
                    @ [ "--out"; at "other"; "--epochs"; "1" ]
                )
                |> ignore

                File.Copy(at "other/checkpoints/best.safetensors", checkpoint, overwrite = true)

                refuses ExitCode.Data [ "best.safetensors"; "espcn-rn"; "those of espcn were expected" ] [
                    "evaluate"
                    at "run"
                    "--data"
                    at "prepared"
                ])
        }
    ]
