/// Tiny prepared phantoms that several tests share; made once and removed when the process ends.
module Iqt.Tests.Training.PhantomDataset

open System
open System.IO
open Iqt.Diffusion
open Iqt.Diffusion.Phantom
open Iqt.Training

let private made =
    lazy
        (let folder = Directory.CreateTempSubdirectory("iqt-phantoms-").FullName
         AppDomain.CurrentDomain.ProcessExit.Add(fun _ -> Directory.Delete(folder, true))
         let phantoms = Path.Combine(folder, "phantoms")
         let prepared = Path.Combine(folder, "prepared")
         Simulation.Write(SimulationSettings(5, PhantomScale.Tiny, 1UL, Compress = false), phantoms)

         Preparation.Run(Dataset.Find(phantoms).Subjects, PreparationSettings(Patches = 40), prepared)
         |> ignore

         prepared)

/// The folder of five prepared subjects with 40 patches each.
let folder () = made.Value

/// The same, opened.
let opened () = PreparedDataset.Open(folder ())
