/// Small images and networks for the tests of training.
module Iqt.Tests.Training.Fixtures

open System
open System.Collections.Generic
open TorchSharp
open Iqt.Diffusion
open Iqt.Reversible
open Iqt.Training

let grid x y z =
    Grid(GridSize(x, y, z), Affine.Scaling(2.0, 2.0, 2.0))

let maskOf (grid: Grid) inside =
    Mask(
        grid,
        Array.init grid.Size.Voxels (fun i ->
            let struct (x, y, z) = grid.Size.Position i
            inside x y z)
    )

let fullMask grid = maskOf grid (fun _ _ _ -> true)

/// Tensors from a function of element and voxel.
let tensorsOf (grid: Grid) value =
    TensorImage(
        grid,
        Array.init (TensorImage.Elements * grid.Size.Voxels) (fun i ->
            let struct (x, y, z) = grid.Size.Position(i % grid.Size.Voxels)
            float32 (value (i / grid.Size.Voxels) x y z))
    )

/// A number that differs for every element and voxel, of the size of diffusivities.
let speckle seed element x y z =
    let bits =
        SeededRandom(seed + uint64 (element + 7 * (x + 97 * (y + 97 * z)))).NextBits()

    1e-3 * (1.0 + float (bits >>> 11) / float (1UL <<< 53))

/// A subject whose HR image is a smooth function and whose LR image is its block mean.
let subject id seed edge patches =
    let low = grid edge edge edge
    let high = low.Upsampled 2
    let phase = float seed

    let truth =
        tensorsOf high (fun e x y z ->
            1e-3
            * (1.0
               + 0.3 * sin (phase + 0.9 * float x + 0.5 * float (y * (e + 1)) + 0.3 * float z)))

    let coarse = TensorImage low

    for element in 0..5 do
        let volume = Volume(high, truth.Element(element).ToArray())
        BlockMean.Apply(Span.op_Implicit (volume.Values.AsSpan()), high.Size, 2, coarse.Element element)

    let lowMask = fullMask low
    SubjectImages(id, coarse, lowMask, truth, fullMask high, PatchIndex.Draw(lowMask, patches, 1UL, id))

/// Every HR voxel is its LR voxel: predicts exactly, so that a shift or a hole in the stitching shows.
type NearestNetwork(margin: int) =
    inherit Network("nearest")

    override _.Hyperparameters = Dictionary<string, int>() :> IReadOnlyDictionary<_, _>

    override _.Segments =
        [|
            Segment(
                "Output",
                SegmentKind.Layers,
                "nearest neighbour",
                6,
                6,
                Sources = [| "Input" |],
                Sizes = SpatialMap(SpatialStep(2L, -4L * int64 margin)),
                IsOutput = true
            )
        |]
        :> IReadOnlyList<_>

    override _.Graph(inputs, _) =
        let input = inputs[0]
        let m, s = int64 margin, input.shape
        use z = input.narrow (2, m, s[2] - 2L * m)
        use y = z.narrow (3, m, s[3] - 2L * m)
        use x = y.narrow (4, m, s[4] - 2L * m)
        use repeatedZ = x.repeat_interleave (2L, 2L)
        use repeatedY = repeatedZ.repeat_interleave (2L, 3L)
        [| repeatedY.repeat_interleave (2L, 4L) |]

    override _.RunSegments(_, _, _) = raise (System.NotSupportedException())

/// Normalisation that changes nothing.
let identityNormalization =
    let one = Standardization([| 0f |], [| 1f |])
    Normalization(NormalizationScope.PerChannel, one, one)

let espcnGeometry = PatchGeometry(11, SpatialRelation(2, 8))

let catalog = lazy NetworkCatalog([ typeof<Iqt.Models.Espcn>.Assembly ])

/// A network with start values.
let create name (hyperparameters: (string * int) list) seed =
    let network =
        catalog.Value.Find(name).Create(dict hyperparameters |> Dictionary, torch.CPU, torch.ScalarType.Float32)

    Initializer.Apply(network, InitializationScheme.He, seed)
    network

/// A short word for bytes, so that a failed comparison of files can be read.
let hash (bytes: byte array) =
    System.Convert.ToHexString(System.Security.Cryptography.SHA256.HashData bytes)[..15]
