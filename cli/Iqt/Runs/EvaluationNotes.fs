/// What stands below the errors of an evaluation: what they are of, and what they say.
module Iqt.Cli.EvaluationNotes

open System
open System.Globalization
open System.IO
open Iqt.Diffusion
open Iqt.Experiments
open Iqt.Training

let private voxel (path: string) =
    let struct (x, y, z) = DwiFile(path).Grid.Affine.VoxelSize

    [ x; y; z ]
    |> List.map (fun edge -> Math.Round(edge, 2).ToString("0.##", CultureInfo.InvariantCulture))
    |> List.distinct
    |> function
        | [ edge ] -> $"{edge} mm"
        | edges -> String.Join("×", edges) + " mm"

// Of the brain's voxels: large patches fit into little of it.
let private interiorShare (method: MethodErrors) =
    let sum count = method.Errors |> List.sumBy count
    100.0 * float (sum _.InteriorVoxels) / float (sum _.BrainVoxels)

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
            $"Interior, %.0f{interiorShare methods.Head} %% of these brains: voxels whose patch of {patch}×{patch}×{patch} low-resolution voxels is wholly brain (–: there are none); exterior: the other brain voxels; total: both."
            "Where the brain ends, low-resolution voxels are kept only if their whole block is brain. Interpolation has little to go by there, which flatters a network's exterior and total: look at the interior too."
            yield! Option.toList (RegionVerdict.against interpolations (List.last others))
            $"These are errors of images averaged over blocks and made fine again{step subjects}. What iqt predict makes is finer than the scan, and no truth is known there."
        ] do
        WrappedText.write "" note writer
