/// Two tiny phantoms as files, made once and removed when the process ends.
module Iqt.Tests.Command.Phantoms

open System
open System.IO
open Iqt.Diffusion.Phantom

let private made =
    lazy
        (let folder = Directory.CreateTempSubdirectory("iqt-test-data-").FullName
         AppDomain.CurrentDomain.ProcessExit.Add(fun _ -> Directory.Delete(folder, true))
         Simulation.Write(SimulationSettings(2, PhantomScale.Tiny, 3UL), folder)
         folder)

/// The BIDS folder.
let folder () = made.Value

/// The first one's series.
let dwi () =
    Path.Combine(made.Value, "sub-01", "dwi", "sub-01_dwi.nii.gz")

/// The first one's mask.
let mask () =
    Path.Combine(made.Value, "sub-01", "dwi", "sub-01_desc-brain_mask.nii.gz")
