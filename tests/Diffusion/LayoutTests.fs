module Iqt.Tests.Diffusion.LayoutTests

open System.IO
open Expecto
open Iqt.Diffusion
open Iqt.Tests

let private touch (root: string) (files: string list) =
    for file in files do
        let path = FileInfo(Path.Combine(root, file))
        path.Directory |> Option.ofObj |> Option.iter _.Create()
        File.WriteAllText(path.FullName, "")

let private refused (part: string) action =
    try
        action () |> ignore
        failtest "no exception"
    with :? DataException as error ->
        Expect.stringContains error.Message part part

[<Tests>]
let tests =
    testList "diffusion/layouts" [
        test "BIDS: sessions, masks beside or in derivatives, what is skipped and why" {
            TestData.inTemporaryFolder (fun root ->
                touch root [
                    "sub-01/dwi/sub-01_dwi.nii.gz"
                    "sub-01/dwi/sub-01_dwi.bval"
                    "sub-01/dwi/sub-01_dwi.bvec"
                    "sub-01/dwi/sub-01_desc-brain_mask.nii.gz"
                    "sub-02/ses-b/dwi/sub-02_ses-b_dwi.nii"
                    "sub-02/ses-b/dwi/sub-02_ses-b_dwi.bval"
                    "sub-02/ses-b/dwi/sub-02_ses-b_dwi.bvec"
                    "derivatives/masks/sub-02/ses-b/dwi/sub-02_ses-b_desc-brain_mask.nii.gz"
                    "sub-03/dwi/sub-03_dwi.nii.gz"
                    "sub-03/dwi/sub-03_dwi.bval"
                    "sub-04/anat/sub-04_T1w.nii.gz"
                ]

                let found = Dataset.Find root

                Expect.equal
                    [ for s in found.Subjects -> s.Subject, s.Name ]
                    [ "sub-01", "sub-01"; "sub-02", "sub-02_ses-b"; "sub-03", "sub-03" ]
                    "subjects"

                Expect.stringEnds (string found.Subjects[0].Mask) "sub-01_desc-brain_mask.nii.gz" "beside"
                Expect.stringContains (string found.Subjects[1].Mask) "derivatives" "derivatives"

                Expect.equal [ for s in found.Skipped -> FileInfo(s.Path).Name ] [ "sub-04" ] "skipped"

                Expect.isNull found.Subjects[0].Problem "usable"
                Expect.stringContains (string found.Subjects[2].Problem) "no direction file" "why not")
        }

        test "BIDS: gradient files of higher folders apply by the parts of their names, the nearest first" {
            TestData.inTemporaryFolder (fun root ->
                touch root [
                    "sub-01/dwi/sub-01_acq-a_dwi.nii.gz"
                    "sub-01/dwi/sub-01_acq-b_dwi.nii.gz"
                    "sub-02/dwi/sub-02_acq-a_dwi.nii.gz"
                    "sub-02/sub-02_dwi.bval"
                    "acq-a_dwi.bval"
                    "dwi.bval"
                    "dwi.bvec"
                ]

                let found = Dataset.Find root

                Expect.equal
                    [
                        for s in found.Subjects -> s.Name, Path.GetRelativePath(root, s.Gradients.BValues)
                    ]
                    [
                        "sub-01_acq-a", "acq-a_dwi.bval"
                        "sub-01_acq-b", "dwi.bval"
                        "sub-02_acq-a", Path.Combine("sub-02", "sub-02_dwi.bval")
                    ]
                    "b-values"

                touch root [ "sub-01_dwi.bval" ]

                Expect.equal
                    [
                        for s in (Dataset.Find root).Subjects do
                            if not (isNull s.Problem) then
                                s.Name
                    ]
                    [ "sub-01_acq-a" ]
                    "two fit alike")
        }

        test "BIDS: what lies above the data set applies to nothing in it, however its folder is written" {
            TestData.inTemporaryFolder (fun folder ->
                touch folder [ "dwi.bval"; "dwi.bvec"; "set/sub-01/dwi/sub-01_dwi.nii.gz" ]
                let root = Path.Combine(folder, "set")

                for written in [ root; root + "/" ] do
                    let found = Dataset.Find written
                    Expect.stringContains (string found.Subjects[0].Problem) "no b-value file applies" written)
        }

        test "BIDS: a preprocessed series has its mask under the name without its description" {
            TestData.inTemporaryFolder (fun root ->
                let place = "sub-01/dwi/sub-01_space-T1w_"
                touch root [ place + "desc-preproc_dwi.nii.gz"; place + "desc-brain_mask.nii.gz" ]
                let series = (Dataset.Find root).Subjects[0]
                Expect.stringEnds (string series.Mask) (place + "desc-brain_mask.nii.gz") "in a data set"
                Expect.equal (MaskPaths.Beside series.Dwi) series.Mask "beside a scan")
        }

        test "HCP" {
            TestData.inTemporaryFolder (fun root ->
                let place = "100307/T1w/Diffusion/"

                touch root [
                    place + "data.nii.gz"
                    place + "bvals"
                    place + "bvecs"
                    place + "nodif_brain_mask.nii.gz"
                    "100408/T1w/T1w.nii.gz"
                ]

                let found = Dataset.Find root
                Expect.equal [ for s in found.Subjects -> s.Name ] [ "100307" ] "subjects"
                Expect.stringEnds (string found.Subjects[0].Mask) "nodif_brain_mask.nii.gz" "mask"
                Expect.equal found.Skipped.Count 1 "skipped")
        }

        test "a table of paths, relative to its folder" {
            TestData.inTemporaryFolder (fun root ->
                touch root [ "a/x.nii"; "a/x.bval"; "a/x.bvec"; "b.nii"; "b1"; "b2"; "m.nii" ]
                let table = Path.Combine(root, "t.tsv")

                File.WriteAllText(
                    table,
                    "subject\tdwi\tbval\tbvec\tmask\ns1\ta/x.nii\t\tn/a\t\ns2\tb.nii\tb1\tb2\tm.nii\n"
                )

                let found = Dataset.Find table

                Expect.equal
                    [ for s in found.Subjects -> s.Name, isNull s.Mask ]
                    [ "s1", true; "s2", false ]
                    "subjects"

                Expect.stringEnds found.Subjects[0].Gradients.BValues "x.bval" "beside"
                let write (text: string) = File.WriteAllText(table, text)
                write "subject\tpath\ns\tb.nii"
                refused "columns" (fun () -> Dataset.Find table)
                write "subject\tdwi\tbval\ns\tb.nii"
                refused "2 fields" (fun () -> Dataset.Find table)

                let problem () =
                    string (Seq.last (Dataset.Find table).Subjects).Problem

                write "subject\tdwi\ns\ta/x.nii\n\nt\tnowhere.nii"
                Expect.stringContains (problem ()) "line 4 names the dwi" "the line of the file"
                Expect.stringContains (problem ()) "nowhere.nii, which does not exist" "nothing there"
                write "subject\tdwi\ns\ta"
                Expect.stringContains (problem ()) "which is a folder" "a folder"
                write "subject\tdwi\ns\tb.nii"
                Expect.stringContains (problem ()) "no b-value file" "no gradients"
                touch root [ "b.bvec" ]
                write "subject\tdwi\tbval\tbvec\ns\tb.nii\tb1\tn/a"
                let one = (Dataset.Find table).Subjects[0]
                Expect.isNull one.Problem "the one that is named, and the other beside the series"
                Expect.stringEnds one.Gradients.BValues "b1" "named"
                Expect.stringEnds one.Gradients.Directions "b.bvec" "beside"
                File.Delete(Path.Combine(root, "b.bvec"))
                write "subject\tdwi\ns\ta/x.nii\ns\ta/x.nii"
                refused "again" (fun () -> Dataset.Find table)
                write "subject\tdwi\n"
                refused "no subject" (fun () -> Dataset.Find table))
        }

        test "nothing found says what was expected and what was passed over" {
            TestData.inTemporaryFolder (fun root ->
                refused "BIDS" (fun () -> Dataset.Find root)
                touch root [ "sub-01/anat/sub-01_T1w.nii.gz" ]
                refused "skipped" (fun () -> Dataset.Find root)
                refused "does not exist" (fun () -> Dataset.Find(Path.Combine(root, "no"))))
        }

        test "one subject's own folder: the one above is named" {
            TestData.inTemporaryFolder (fun root ->
                touch root [
                    "hcp/100307/T1w/Diffusion/data.nii.gz"
                    "hcp/100307/T1w/Diffusion/bvals"
                    "hcp/100307/T1w/Diffusion/bvecs"
                    "bids/sub-01/ses-2/dwi/sub-01_ses-2_dwi.nii.gz"
                    "bids/dwi.bval"
                    "bids/dwi.bvec"
                ]

                for above, within in
                    [
                        "hcp", "100307"
                        "hcp", "100307/"
                        "hcp", "100307/T1w"
                        "hcp", "100307/T1w/Diffusion"
                        "bids", "sub-01"
                        "bids", "sub-01/ses-2"
                        "bids", "sub-01/ses-2/dwi"
                    ] do
                    let set = Path.Combine(root, above)
                    refused "one subject's folder" (fun () -> Dataset.Find(Path.Combine(set, within)))
                    refused $"Name the one above, {set}," (fun () -> Dataset.Find(Path.Combine(set, within)))

                let here = Directory.GetCurrentDirectory()
                let relative = Path.GetRelativePath(here, Path.Combine(root, "hcp"))
                refused $"above, {relative}," (fun () -> Dataset.Find(Path.Combine(relative, "100307")))
                refused "no subject was found" (fun () -> Dataset.Find root))
        }
    ]
