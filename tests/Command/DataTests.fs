/// The commands that make and look at diffusion data, from the command line to the files.
module Iqt.Tests.Command.DataTests

open System.IO
open Expecto
open Iqt.Cli
open Iqt.Diffusion
open Iqt.Tests
open Iqt.Tests.Command.CommandLine
open Iqt.Tests.Training.PreparationSubjects

let private dwi = Phantoms.dwi
let private mask = Phantoms.mask

[<Tests>]
let tests =
    testList "command" [
        testList "data" [
            test "fit writes the order asked for, its sidecar, S0 and residual; maps reads any of them alike" {
                TestData.inTemporaryFolder (fun folder ->
                    let tensors (order: string) =
                        let prefix = Path.Combine(folder, order)

                        let out =
                            json (
                                succeeds [
                                    "fit"
                                    dwi ()
                                    "--mask"
                                    mask ()
                                    "--order"
                                    order
                                    "--residual"
                                    "--out"
                                    prefix
                                    "--json"
                                ]
                            )

                        Expect.equal (out.GetProperty("files").GetArrayLength()) 3 "tensor, S0, residual"
                        let path = $"{prefix}_model-tensor_param-diffusivity_dwimap.nii.gz"
                        let files = json (succeeds [ "maps"; path; "--png"; "--json" ])
                        Expect.equal (files.GetProperty("files").GetArrayLength()) 10 "five maps and pictures"

                        for file in files.GetProperty("files").EnumerateArray() do
                            Expect.isTrue (File.Exists(string (file.GetString()))) "is there"

                        Expect.isTrue (File.Exists $"{prefix}_model-tensor_param-residual_dwimap.json") "sidecar"
                        TensorFile.Read path

                    let fsl = tensors "fsl"

                    for order in [ "mrtrix"; "symmatrix" ] do
                        let other = tensors order

                        Array.iter2
                            (fun (a: float32) b ->
                                Expect.isLessThan (abs (a - b)) 1e-9f $"{order} comes to the same tensors")
                            fsl.Values
                            other.Values)
            }

            test "nlls leaves no voxel that is not positive definite" {
                TestData.inTemporaryFolder (fun folder ->
                    let out = Path.Combine(folder, "s")

                    let result =
                        json (
                            succeeds [ "fit"; dwi (); "--mask"; mask (); "--method"; "nlls"; "--out"; out; "--json" ]
                        )

                    Expect.equal (result.GetProperty("nonPositiveDefinite").GetInt32()) 0 "none")
            }

            test "downsample writes series, gradients and mask, and says what it drops" {
                TestData.inTemporaryFolder (fun folder ->
                    let out = Path.Combine(folder, "lr.nii.gz")

                    let run =
                        succeeds [
                            "downsample"
                            dwi ()
                            "--factor"
                            "3"
                            "--mask"
                            mask ()
                            "--out"
                            out
                            "--json"
                        ]

                    // 32×38×32 in blocks of 3.
                    let dropped = [ for n in (json run).GetProperty("dropped").EnumerateArray() -> n.GetInt32() ]

                    Expect.equal dropped [ 2; 2; 2 ] "dropped"
                    Expect.stringContains run.Error "dropped" "said"
                    let file = DwiFile out
                    Expect.equal file.Grid.Size (GridSize(10, 12, 10)) "size"
                    Expect.equal (GradientFiles.Beside(out).Read().Count) file.Volumes "gradients"
                    let small = MaskFile.Read(Path.Combine(folder, "lr_mask.nii.gz"), file.Grid)
                    Expect.equal small.Count ((json run).GetProperty("maskVoxels").GetInt32()) "mask")
            }

            test "dataset says what is there, what can't be used and why" {
                TestData.inTemporaryFolder (fun folder ->
                    let place = Path.Combine(folder, "sub-09", "dwi")
                    Directory.CreateDirectory place |> ignore
                    let stem = Path.Combine(place, "sub-09")
                    File.Copy(dwi (), stem + "_dwi.nii.gz")
                    File.WriteAllText(stem + "_dwi.bval", "0 1000\n")
                    File.WriteAllText(stem + "_dwi.bvec", "0 1\n0 0\n0 0\n")
                    Directory.CreateDirectory(Path.Combine(folder, "sub-10")) |> ignore
                    let found = json (succeeds [ "dataset"; folder; "--json" ])
                    Expect.equal (found.GetProperty("layout").GetString()) "bids" "layout"
                    let series = found.GetProperty("series")[0]
                    Expect.stringContains (string (series.GetProperty("problem").GetString())) "108 volumes" "counts"
                    Expect.equal (found.GetProperty("skipped").GetArrayLength()) 1 "no series"
                    let text = (succeeds [ "dataset"; Phantoms.folder (); "--factor"; "3" ]).Out

                    let notes =
                        text.Split '\n' |> Array.filter (fun line -> line.Contains "not divisible by 3")

                    Expect.hasLength notes 1 "what holds of all is said once"
                    Expect.stringStarts notes[0] "2 series (sub-01, sub-02): " "of whom"
                    Expect.stringContains text "2 of 2 series can be used" "phantoms"
                    Expect.stringContains text "18 at b=0, 90 at b=1000" "shells")
            }

            test "dataset says of several series of one subject that they can't be prepared together" {
                TestData.inTemporaryFolder (fun folder ->
                    for session in [ "a"; "b" ] do
                        let place = Path.Combine(folder, "sub-01", $"ses-{session}", "dwi")
                        Directory.CreateDirectory place |> ignore

                        for path in Directory.GetFiles(nonNull (Path.GetDirectoryName(dwi ()))) do
                            let name =
                                (nonNull (Path.GetFileName path)).Replace("sub-01_", $"sub-01_ses-{session}_")

                            File.Copy(path, Path.Combine(place, name))

                    let found = json (succeeds [ "dataset"; folder; "--json" ])

                    for series in found.GetProperty("series").EnumerateArray() do
                        Expect.stringContains
                            (string (series.GetProperty("problem").GetString()))
                            "has 2 series (sub-01_ses-a, sub-01_ses-b), one was expected"
                            "why"

                    refuses ExitCode.Data [ "has 2 series" ] [ "prepare"; folder; "--out"; Path.Combine(folder, "p") ])
            }

            test "dataset names those whom a note concerns, and no other" {
                TestData.inTemporaryFolder (fun folder ->
                    let table = Path.Combine(folder, "t.tsv")

                    let row number =
                        let files = write folder $"s{number}"
                        let mask = if number = 2 then string files.Mask else "n/a"
                        $"s{number}\t{files.Dwi}\t{mask}"

                    let noted count =
                        File.WriteAllLines(table, "subject\tdwi\tmask" :: [ for i in 1..count -> row i ])

                        (succeeds [ "dataset"; table ]).Out.Split '\n'
                        |> Array.filter (fun line -> line.Contains "no mask")
                        |> Array.exactlyOne

                    Expect.stringStarts (noted 6) "5 series (s1, s3, s4, s5, s6): " "all of a few"
                    Expect.stringStarts (noted 8) "7 series (s1, s3, s4 and 4 more): " "some of many")
            }

            test "dataset reads volumes to their end only when asked to, and says so" {
                TestData.inTemporaryFolder (fun folder ->
                    let place = Path.Combine(folder, "sub-01", "dwi")
                    Directory.CreateDirectory place |> ignore

                    for file in Directory.EnumerateFiles(nonNull (Path.GetDirectoryName(dwi ()))) do
                        File.Copy(file, Path.Combine(place, nonNull (Path.GetFileName file)))

                    let series = Path.Combine(place, "sub-01_dwi.nii.gz")

                    let problem more =
                        let document = json (succeeds ([ "dataset"; folder; "--json" ] @ more))
                        let found = document.GetProperty("series")[0]
                        document.GetProperty("volumesRead").GetBoolean(), found.GetProperty("problem").GetString()

                    Expect.equal (problem [ "--read" ]) (true, null) "whole"
                    let bytes = File.ReadAllBytes series
                    File.WriteAllBytes(series, bytes[.. bytes.Length / 2])
                    Expect.equal (problem []) (false, null) "what the header says is whole"
                    Expect.stringContains (succeeds [ "dataset"; folder ]).Out "not the volumes: --read" "said"
                    let found = (succeeds [ "dataset"; folder; "--read" ]).Out
                    Expect.stringContains found $"sub-01 can't be used: {series}" "the file"
                    Expect.stringContains found "0 of 1 series can be used" "counted"
                    Expect.isFalse (found.Contains "not the volumes") "they were read")
            }

            test "a table's rows that can't be used are named by their line, the others listed" {
                TestData.inTemporaryFolder (fun folder ->
                    let table = Path.Combine(folder, "t.tsv")
                    let rows = [ $"a\t{dwi ()}\t{mask ()}"; ""; $"b\t{dwi ()}\tgone.nii.gz" ]
                    File.WriteAllLines(table, "subject\tdwi\tmask" :: rows)
                    let document = json (succeeds [ "dataset"; table; "--json" ])

                    let problems = [
                        for series in document.GetProperty("series").EnumerateArray() ->
                            series.GetProperty("name").GetString(), series.GetProperty("problem").GetString()
                    ]

                    match problems with
                    | [ "a", null; "b", problem ] ->
                        Expect.stringContains (string problem) "line 4 names the mask" "the line of the file"
                        Expect.stringContains (string problem) "gone.nii.gz, which does not exist" "what is missing"
                    | other -> failtest $"{other}"

                    let out = Path.Combine(folder, "out")

                    let prepare more =
                        [ "prepare"; table; "--out"; out; "--patches"; "20" ] @ more

                    refuses ExitCode.Data [ "subject b"; "line 4"; "gone.nii.gz" ] (prepare [])
                    Expect.isFalse (Directory.Exists(Path.Combine(out, "a"))) "told before anything is prepared"
                    let kept = json (succeeds (prepare [ "--keep-going"; "--json" ]))
                    Expect.equal (kept.GetProperty("failed").GetArrayLength()) 1 "the row"
                    Expect.equal (kept.GetProperty("subjects").GetArrayLength()) 1 "the other")
            }
        ]
    ]
