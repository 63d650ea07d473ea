// How depth and data change accuracy (Fig. 4 of Blumberg et al. 2018): ESPCN and ESPCN-RN by RevNet blocks and by
// subjects, evaluated on subjects that no training saw.
//     iqt experiment run cli/scripts/fig4.fsx --preset small
//     dotnet fsi cli/scripts/fig4.fsx --preset small          (after dotnet build -c Release)
#I "../Iqt/bin/Release/net10.0"
#r "TorchSharp.dll"
#r "Argu.dll"
#r "Iqt.Reversible.dll"
#r "Iqt.Diffusion.dll"
#r "Iqt.Training.dll"
#r "Iqt.Experiments.dll"

open Iqt.Diffusion.Phantom
open Iqt.Experiments
open Iqt.Experiments.Studies
open Iqt.Reversible
open Iqt.Training

/// The paper's protocol and numbers on phantoms of the Human Connectome Project's size; for a cluster. With
/// HCP data prepared by iqt prepare, use prepared "DIR" instead of phantoms and patches.
let paper () =
    study "fig4" {
        title "Depth and data: the paper's protocol"
        phantoms 40 PhantomScale.Full 1UL
        patches 2250
        testSubjects 8
        subjects 8
        subjects 16
        subjects 32
        network "espcn" "espcn" []
        network "espcn-rn2" "espcn-rn" [ ("Blocks", 2) ]
        network "espcn-rn4" "espcn-rn" [ ("Blocks", 4) ]
        network "espcn-rn6" "espcn-rn" [ ("Blocks", 6) ]
        network "espcn-rn8" "espcn-rn" [ ("Blocks", 8) ]
        seeds 4
        protocol TrainingSettings.Paper
    }

/// Sized for two cores and 100 minutes: many subjects and few patches of each, blocks that start as the identity, a rate
/// that falls along a cosine (docs/protocol.md). ESPCN's steps are ten times as fast, so it gets more epochs; memory is
/// no concern at this depth, so the fastest way to the same gradients is taken.
let small () =
    study "fig4" {
        title "Depth and data on half-scale phantoms"
        phantoms 32 PhantomScale.Half 1UL
        patches 300
        testSubjects 8
        subjectsWith 8 240
        subjectsWith 24 80
        networkWith "espcn" "espcn" [] [ "epochs", box 40; "learningRate", box 1e-3 ]
        network "espcn-rn2" "espcn-rn" [ ("Blocks", 2) ]
        network "espcn-rn4" "espcn-rn" [ ("Blocks", 4) ]
        seeds 2
        setting "schedule" RateSchedule.Cosine
        setting "mode" BackpropagationMode.Stored
        setting "epochs" 12
        setting "stopPatience" 40
        setting "learningRate" 2e-3
    }

/// Tiny phantoms and two epochs: shows in a minute that all parts work, not what they can do.
let tiny () =
    study "fig4" {
        title "Depth and data: a trial run"
        phantoms 7 PhantomScale.Tiny 1UL
        patches 40
        testSubjects 2
        subjects 3
        subjects 5
        network "espcn" "espcn" []
        network "espcn-rn1" "espcn-rn" [ ("Blocks", 1) ]
        seeds 2
        setting "epochs" 2
    }

exit (Script.run [ "small", small; "paper", paper; "tiny", tiny ] fsi.CommandLineArgs)
