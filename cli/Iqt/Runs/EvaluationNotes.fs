/// What stands below the errors of an evaluation: what they are of, and what they say.
module Iqt.Cli.EvaluationNotes

open System
open System.Globalization
open System.IO
open Iqt.Diffusion
open Iqt.Experiments.Methods
open Iqt.Training

let private voxel (path: string) =
    let struct (x, y, z) = DwiFile(path).Grid.Affine.VoxelSize

    [ x; y; z ]
    |> List.map (fun edge -> Math.Round(edge, 2).ToString("0.##", CultureInfo.InvariantCulture))
    |> List.distinct
    |> function
        | [ edge ] -> $"{edge} mm"
        | edges -> String.Join("×", edges) + " mm"

// Of the brain's voxels, in per cent: large patches fit into little of it.
let private share (part: SubjectError -> int) (method: MethodErrors) =
    let sum count = method.Errors |> List.sumBy count
    100.0 * float (sum part) / float (sum _.BrainVoxels)

let private step (subjects: PreparedSubject list) =
    match
        subjects
        |> List.map (fun subject -> $"from {voxel subject.LowResolutionFile} to {voxel subject.HighResolutionFile}")
        |> List.distinct
    with
    | [ one ] -> $" ({one})"
    | _ -> ""

/// The notes, one below the other.
let write (patch: int) (subjects: PreparedSubject list) (methods: MethodErrors list) (writer: TextWriter) =
    let interpolations, others =
        methods
        |> List.partition (fun method ->
            Comparison.interpolation
            |> List.exists (fun known -> known.Name = method.Method))

    writer.WriteLine()

    for note in
        [
            $"Interior, %.0f{share _.InteriorVoxels methods.Head} %% of these brains: voxels whose patch of {patch}×{patch}×{patch} low-resolution voxels is wholly brain (–: there are none); exterior: the other brain voxels; total: both."
            $"Covered, %.0f{share _.CoveredVoxels methods.Head} %%: voxels that lie in a low-resolution voxel of the brain. The others are the brain's edge: a low-resolution voxel is kept only if its whole block is brain. Interpolation has little to go by there, which flatters a network's exterior and total, and what is taken over the whole brain (MD, FA, PSNR, SSIM): look at the interior and at the covered voxels too."
            InterpolationVerdict.against interpolations (List.last others)
            $"These are errors of images averaged over blocks and made fine again{step subjects}. What iqt predict makes is finer than the scan, and no truth is known there."
        ] do
        WrappedText.write "" note writer
