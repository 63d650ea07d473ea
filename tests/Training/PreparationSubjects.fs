/// Small subjects to prepare, as files.
module Iqt.Tests.Training.PreparationSubjects

open System
open System.IO
open Iqt.Diffusion
open Iqt.Training
open Iqt.Tests
open Iqt.Tests.Training.Fixtures

let private directions = [
    GradientDirection(1, 0, 0)
    GradientDirection(0, 1, 0)
    GradientDirection(0, 0, 1)
    GradientDirection(sqrt 0.5, sqrt 0.5, 0)
    GradientDirection(sqrt 0.5, 0, sqrt 0.5)
    GradientDirection(0, sqrt 0.5, sqrt 0.5)
]

/// Six directions of an isotropic signal, one voxel more along x than blocks fill.
let write folder id =
    let space = grid 13 12 12
    let size = space.Size

    let volume b =
        Array.init size.Voxels (fun i ->
            let struct (x, _, _) = size.Position i
            float32 (1000.0 * exp (-b * 1e-3 * (1.0 + 0.02 * float x))))

    let dwi = Path.Combine(folder, id + ".nii.gz")
    DwiFile.Write(dwi, DwiSeries(space, [ volume 0.0; yield! [ for _ in directions -> volume 1000.0 ] ]))

    let gradients =
        GradientFiles(Path.Combine(folder, id + ".bval"), Path.Combine(folder, id + ".bvec"))

    gradients.Write(
        GradientTable([| 0.0; yield! [ for _ in directions -> 1000.0 ] |], [| GradientDirection(); yield! directions |])
    )

    let mask = Path.Combine(folder, id + "_mask.nii.gz")
    MaskFile.Write(mask, maskOf space (fun x y z -> x > 1 && y > 1 && z > 1))
    SubjectFiles(id, id, dwi, gradients, mask)

/// Few patches: the subjects are small.
let settings = PreparationSettings(Patches = 30)

/// So many b=0 volumes before the six directions: a longer series of the same size.
let writeWithBaselines folder id count =
    let files = write folder id
    let dwi = DwiFile files.Dwi
    let volumes = ResizeArray()
    dwi.Visit(fun _ values -> volumes.Add(Array.copy values))
    let longer = Path.Combine(folder, id + "-longer.nii.gz")
    DwiFile.Write(longer, DwiSeries(dwi.Grid, [ yield! List.replicate (count - 1) volumes[0]; yield! volumes ]))
    let table = files.Gradients.Read()

    GradientFiles(files.Gradients.BValues, files.Gradients.Directions)
        .Write(
            GradientTable(
                [| yield! Array.zeroCreate (count - 1); yield! table.BValues |],
                [|
                    yield! Array.create (count - 1) (GradientDirection())
                    yield! table.Directions
                |]
            )
        )

    SubjectFiles(id, id, longer, files.Gradients, files.Mask)
