// Memory and time of training steps (Fig. 6 of Blumberg et al. 2018): ESPCN and ESPCN-RN4, in constant memory and as
// one autograd graph. Fused: each block's parameters are updated within the backward pass. One process after the other
// measures; leave the machine alone meanwhile.
//     iqt experiment run cli/scripts/fig6.fsx --threads 2
//     dotnet fsi cli/scripts/fig6.fsx --threads 2
#I "../Iqt/bin/Release/net10.0"
#r "TorchSharp.dll"
#r "Argu.dll"
#r "Iqt.Reversible.dll"
#r "Iqt.Diffusion.dll"
#r "Iqt.Training.dll"
#r "Iqt.Experiments.dll"

open Iqt.Experiments
open Iqt.Experiments.Studies
open Iqt.Reversible

let steps repetitions () =
    study "fig6" {
        title "Memory and time of training"
        network "espcn" "espcn" []
        network "espcn-rn4" "espcn-rn" [ ("Blocks", 4) ]
        networkWith "espcn-rn4-fused" "espcn-rn" [ ("Blocks", 4) ] [ ("update", "fused") ]
        network "espcn-rn16" "espcn-rn" [ ("Blocks", 16) ]
        networkWith "espcn-rn16-fused" "espcn-rn" [ ("Blocks", 16) ] [ ("update", "fused") ]

        measure
            repetitions
            [ "espcn", BackpropagationMode.SingleGraph
              "espcn-rn4-fused", BackpropagationMode.Reversible
              "espcn-rn4", BackpropagationMode.Reversible
              "espcn-rn4", BackpropagationMode.Stored
              "espcn-rn4", BackpropagationMode.SingleGraph
              "espcn-rn16-fused", BackpropagationMode.Reversible
              "espcn-rn16", BackpropagationMode.Reversible
              "espcn-rn16", BackpropagationMode.SingleGraph ]
    }

exit (Script.run [ "standard", steps 20; "tiny", steps 1 ] fsi.CommandLineArgs)
