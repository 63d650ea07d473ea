// Mean diffusivity of a test subject (Fig. 5 of Blumberg et al. 2018): low resolution, truth, cubic interpolation and
// the best model of each network on the most subjects of a finished study, with error maps.
//     iqt experiment run cli/scripts/fig5.fsx --out studies/fig4-small
//     dotnet fsi cli/scripts/fig5.fsx --out studies/fig4-small
#I "../Iqt/bin/Release/net10.0"
#r "TorchSharp.dll"
#r "Argu.dll"
#r "Iqt.Reversible.dll"
#r "Iqt.Diffusion.dll"
#r "Iqt.Training.dll"
#r "Iqt.Models.dll"
#r "Iqt.Experiments.dll"

open System.Threading
open Iqt.Experiments
open Iqt.Experiments.Studies
open Iqt.Reversible
open Iqt.Training

let draw (folder: StudyFolder) =
    Natives.TorchNatives.EnsureLoaded()
    let catalog = NetworkCatalog [ typeof<Iqt.Models.Espcn>.Assembly ]
    let size = folder.Study.Sizes |> List.map fst |> List.max

    let models =
        [ for network in folder.Study.Networks do
              match StudyResults.evaluation folder network.Label size with
              | Some result -> network.Label, TrainedModel.Open(folder.Run(network.Label, size, result.Seed), catalog)
              | None -> () ]

    let subject = (TestSubjects.prepared folder).Head

    for path in Pictures.draw folder.Path subject models CancellationToken.None do
        printfn "%s" path

exit (Script.over draw fsi.CommandLineArgs)
