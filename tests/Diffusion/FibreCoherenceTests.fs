/// Whether gradient directions, fit and image agree on the axes: fibres go on in the direction in which they point,
/// so the principal direction a step along itself is nearly the same. Where a sign of an axis is lost between bvec
/// and image, the step leaves the fibre (the idea of fibre coherence, Schilling et al. 2019, Magn Reson Imaging 57).
module Iqt.Tests.Diffusion.FibreCoherenceTests

open System
open Expecto
open Iqt.Diffusion
open Iqt.Tests

let private stepInMm = 3.0

// A tensor's powers turn every vector into its principal direction; anisotropic ones do so quickly.
let private principal (d: float[]) =
    let mutable v = [| 0.61; 0.57; 0.55 |]

    for _ in 1..60 do
        let w = [|
            d[0] * v[0] + d[1] * v[1] + d[2] * v[2]
            d[1] * v[0] + d[3] * v[1] + d[4] * v[2]
            d[2] * v[0] + d[4] * v[1] + d[5] * v[2]
        |]

        let norm = sqrt (w |> Array.sumBy (fun x -> x * x))
        v <- w |> Array.map (fun x -> x / norm)

    v

/// Mean |cos| between the principal direction and that of the voxel a step along it, with two ways from a direction to
/// the image's axes, for the anisotropic voxels where the two ways lead to different neighbours.
let private coherence (tensors: TensorImage) (signs: float[]) (otherSigns: float[]) =
    let size = tensors.Grid.Size
    let fa = (TensorMaps.FractionalAnisotropy tensors).Values
    let struct (x, y, z) = tensors.Grid.Affine.VoxelSize
    let mm = [| x; y; z |]

    let direction voxel =
        principal (Array.init 6 (fun e -> float (tensors.Element(e)[voxel])))

    let isFibre least voxel = fa[voxel] > least && fa[voxel] < 1.0f

    let step (signs: float[]) (v: float[]) =
        Array.init 3 (fun axis -> int (Math.Round(signs[axis] * v[axis] * stepInMm / mm[axis])))

    let cosine voxel (v: float[]) (step: int[]) =
        let struct (x, y, z) = size.Position voxel
        let x, y, z = x + step[0], y + step[1], z + step[2]

        if size.Contains(x, y, z) && isFibre 0.3f (size.Index(x, y, z)) then
            Some(abs (Array.fold2 (fun sum a b -> sum + a * b) 0.0 v (direction (size.Index(x, y, z)))))
        else
            None

    let pairs = [|
        for voxel in 0 .. size.Voxels - 1 do
            if isFibre 0.5f voxel then
                let v = direction voxel
                let here, there = step signs v, step otherSigns v

                if here <> there && here <> Array.map (~-) there then
                    match cosine voxel v here, cosine voxel v there with
                    | Some a, Some b -> a, b
                    | _ -> ()
    |]

    pairs

[<Tests>]
let tests =
    testList "diffusion/fibre coherence" [
        test "of the real head is greatest with the axes as Iqt reads them" {
            let path = TestData.path "achieva/dwi.nii.gz"
            let dwi = DwiFile path
            let gradients = GradientFiles.Beside(path).Read()
            let mask = BrainMask.Compute(dwi, gradients)
            let tensors = TensorFit.Fit(dwi, gradients, mask).Tensors

            // FSL's frame: the image's axes, x reversed if the affine's determinant is positive.
            let x = if tensors.Grid.Affine.Determinant > 0.0 then -1.0 else 1.0
            let signs = [| x; 1.0; 1.0 |]

            for axis, name in [ 0, "x"; 1, "y"; 2, "z" ] do
                let reversed = signs |> Array.mapi (fun i sign -> if i = axis then -sign else sign)
                let pairs = coherence tensors signs reversed
                let differences = pairs |> Array.map (fun (read, wrong) -> read - wrong)
                let mean = Array.average differences

                let error =
                    sqrt (
                        (differences |> Array.averageBy (fun d -> (d - mean) * (d - mean)))
                        / float pairs.Length
                    )

                // Six standard errors: neighbouring voxels are not independent of each other.
                Expect.isGreaterThan
                    mean
                    (6.0 * error)
                    $"mean |cos| {Array.averageBy fst pairs} with the axes as read, {Array.averageBy snd pairs} with {name} reversed, in {pairs.Length} voxels"

        }
    ]
