/// What a command does not write over: what it reads, and another's brain mask.
module Iqt.Tests.Command.OverwriteTests

open System.IO
open Expecto
open Iqt.Cli
open Iqt.Diffusion
open Iqt.Tests
open Iqt.Tests.Command.CommandLine

// A phantom's series without its mask.
let private withScan action =
    TestData.inTemporaryFolder (fun folder ->
        let at name = Path.Combine(folder, name)
        File.Copy(Phantoms.dwi (), at "x_dwi.nii.gz")
        let gradients = GradientFiles.Beside(Phantoms.dwi ())
        File.Copy(gradients.BValues, at "x_dwi.bval")
        File.Copy(gradients.Directions, at "x_dwi.bvec")
        action at)

[<Tests>]
let tests =
    testList "command/overwriting" [
        test "a series is not downsampled into its own file" {
            withScan (fun at ->
                let before = File.ReadAllBytes(at "x_dwi.nii.gz")

                refuses ExitCode.Usage [ "x_dwi.nii.gz is read" ] [
                    "downsample"
                    at "x_dwi.nii.gz"
                    "--out"
                    at "./x_dwi.nii.gz"
                ]

                // The same stem: its gradient files would be written anew.
                refuses ExitCode.Usage [ "x_dwi.bval is read" ] [
                    "downsample"
                    at "x_dwi.nii.gz"
                    "--out"
                    at "x_dwi.nii"
                ]

                Expect.equal (File.ReadAllBytes(at "x_dwi.nii.gz")) before "untouched")
        }

        test "a computed mask takes no other mask's place, and its own again" {
            withScan (fun at ->
                let fit () =
                    iqt [ "fit"; at "x_dwi.nii.gz"; "--out"; at "x" ]

                Expect.equal (fit ()).Code 0 "none is there"
                Expect.equal (fit ()).Code 0 "the same again"

                // By hand a voxel is taken out.
                let grid = (DwiFile(at "x_dwi.nii.gz")).Grid
                let computed = MaskFile.Read(at "x_mask.nii.gz", grid)
                let corrected = Array.copy computed.Values
                corrected[Array.findIndex id corrected] <- false
                MaskFile.Write(at "x_mask.nii.gz", Mask(grid, corrected))
                let refused = fit ()
                Expect.equal refused.Code ExitCode.Data refused.Error
                Expect.stringContains refused.Error "x_mask.nii.gz: is a mask already" "which"
                Expect.stringContains refused.Error "--mask" "remedy"
                Expect.equal (MaskFile.Read(at "x_mask.nii.gz", grid)).Values corrected "the correction is kept")
        }

        test "maps of tensors in a folder named like them lie in it" {
            withScan (fun at ->
                let folder = at "made_model-tensor" + "/"
                Directory.CreateDirectory folder |> ignore

                succeeds [ "fit"; at "x_dwi.nii.gz"; "--mask"; Phantoms.mask (); "--out"; folder ]
                |> ignore

                let files =
                    json (succeeds [ "maps"; folder + "model-tensor_param-diffusivity_dwimap.nii.gz"; "--json" ])

                let names = [ for f in files.GetProperty("files").EnumerateArray() -> f.GetString() ]
                Expect.contains names (folder + "model-tensor_param-md_dwimap.nii.gz") "beside the tensors")
        }
    ]
