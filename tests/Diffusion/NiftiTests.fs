module Iqt.Tests.Diffusion.NiftiTests

open System
open System.IO
open Expecto
open Iqt.Diffusion
open Iqt.Tests

let private readAll (path: string) =
    use reader = NiftiReader.Open path

    let values =
        Array.init reader.Volumes (fun _ -> Array.zeroCreate<float32> reader.Grid.Size.Voxels)

    for volume in values do
        reader.ReadVolume(volume.AsSpan())

    reader.Header, values

let private inFile (extension: string) (bytes: byte[]) action =
    TestData.inTemporaryFolder (fun folder ->
        let path = Path.Combine(folder, "image" + extension)
        File.WriteAllBytes(path, bytes)
        action path)

/// Codes with the range of samples that each can hold exactly.
let private types = [
    2, 0, 255
    256, -128, 127
    4, -32768, 32767
    512, 0, 65535
    8, -2000000, 2000000
    16, -9999, 9999
    64, -9999, 9999
    768, 0, 2000000
    1024, -2000000, 2000000
    1280, 0, 2000000
]

let private oblique =
    Affine(ReadOnlySpan [| -1.2; 0.3; 0.1; 40.0; 0.31; 1.19; -0.2; -30.0; 0.15; 0.17; 1.25; 7.0 |])

[<Tests>]
let tests =
    testList "diffusion/nifti" [
        testProperty "every type in both byte orders, scaled or not, plain or compressed, reads as written"
        <| fun (seed: int) (bigEndian: bool) (compressed: bool) (scaled: bool) (second: bool) ->
            let random = Random seed
            let code, low, high = types[random.Next types.Length]

            let dims = [
                1 + random.Next 5
                1 + random.Next 5
                1 + random.Next 5
                2 + random.Next 3
                2
            ]

            let samples =
                Array.init (List.reduce (*) dims) (fun _ -> float (random.Next(low, high + 1)))

            let slope, intercept = if scaled then 0.25f, -3f else 0f, 7f

            let bytes =
                if second then
                    NiftiBytes.file2 bigEndian dims code (float slope) (float intercept) samples
                else
                    NiftiBytes.file bigEndian dims code slope intercept samples

            inFile ".nii" (if compressed then NiftiBytes.gzip bytes else bytes) (fun path ->
                let header, values = readAll path

                let expected =
                    samples
                    |> Array.map (fun s -> if scaled then float32 (0.25 * s - 3.0) else float32 s)

                Expect.equal header.Grid.Size (GridSize(dims[0], dims[1], dims[2])) "size"
                Expect.equal (List.ofSeq header.SeriesSize) dims[3..] "series"
                Expect.equal header.BigEndian bigEndian "byte order"
                Expect.equal header.Version (if second then NiftiVersion.Two else NiftiVersion.One) "version"
                Expect.equal (Array.concat values) expected $"values of datatype {code}")

        testProperty "what is written is read again"
        <| fun (seed: int) (compressed: bool) ->
            let random = Random seed
            let size = GridSize(1 + random.Next 6, 1 + random.Next 6, 1 + random.Next 6)

            let kinds =
                Enum.GetValues<NiftiDataType>() |> Array.except [ NiftiDataType.Unknown ]

            let kind = kinds[random.Next kinds.Length]

            let header =
                NiftiHeader(
                    Grid = Grid(size, oblique),
                    SeriesSize = [| 2 + random.Next 3 |],
                    DataType = kind,
                    Slope = 0.5,
                    Intercept = 1.0,
                    Version =
                        (if random.Next 2 = 0 then
                             NiftiVersion.One
                         else
                             NiftiVersion.Two),
                    BigEndian = (random.Next 2 = 0)
                )

            let volumes =
                Array.init header.Volumes (fun _ ->
                    Array.init size.Voxels (fun _ -> 1f + 0.5f * float32 (random.Next 128)))

            TestData.inTemporaryFolder (fun folder ->
                let path = Path.Combine(folder, (if compressed then "a.nii.gz" else "a.nii"))

                do
                    use writer = NiftiWriter.Create(path, header)
                    volumes |> Array.iter (fun volume -> writer.WriteVolume(ReadOnlySpan volume))
                    writer.Commit()

                let found, values = readAll path
                Expect.equal values volumes "values"
                Expect.equal (found.Version, found.BigEndian) (header.Version, header.BigEndian) "form"
                Expect.isTrue (found.Grid.Affine.IsCloseTo(oblique, 1e-5)) "affine"
                Expect.equal (Directory.GetFileSystemEntries folder) [| path |] "one file")

        test "volumes can be skipped" {
            let samples = Array.init 24 float

            for compressed in [ false; true ] do
                let bytes = NiftiBytes.file false [ 2; 2; 2; 3 ] 4 0f 0f samples

                inFile ".nii" (if compressed then NiftiBytes.gzip bytes else bytes) (fun path ->
                    use reader = NiftiReader.Open path
                    reader.SkipVolume()
                    reader.SkipVolume()
                    let values = Array.zeroCreate<float32> 8
                    reader.ReadVolume(values.AsSpan())
                    Expect.equal values (Array.init 8 (fun i -> float32 (16 + i))) "the third volume")
        }

        test "without sform and qform the voxel size is the affine; a qform is used before it, an sform first" {
            let bytes = NiftiBytes.file true [ 1; 1; 1 ] 2 0f 0f [| 1.0 |]
            let header, put = NiftiBytes.header true [ 1; 1; 1 ] 2 0f 0f
            let withData () = Array.append header [| 1uy |]

            let affine bytes =
                inFile ".nii" bytes (fun path -> (fst (readAll path)).Grid.Affine)

            Expect.equal (affine bytes) (Affine.Scaling(1, 2, 3)) "pixdim"
            // A half turn about z: b = c = 0, d = 1, with offsets.
            put 252 (BitConverter.GetBytes 1s)

            [ 0f; 0f; 1f; 5f; 6f; 7f ]
            |> List.iteri (fun i q -> put (256 + 4 * i) (BitConverter.GetBytes q))

            let turned = Affine(ReadOnlySpan [| -1.0; 0; 0; 5; 0; -2; 0; 6; 0; 0; 3; 7 |])
            Expect.isTrue ((affine (withData ())).IsCloseTo(turned, 1e-6)) "qform"
            put 76 (BitConverter.GetBytes -1f)
            let flipped = Affine(ReadOnlySpan [| -1.0; 0; 0; 5; 0; -2; 0; 6; 0; 0; -3; 7 |])
            Expect.isTrue ((affine (withData ())).IsCloseTo(flipped, 1e-6)) "qform with qfac -1"
            put 254 (BitConverter.GetBytes 1s)

            [ 4f; 0f; 0f; 1f; 0f; 4f; 0f; 2f; 0f; 0f; 4f; 3f ]
            |> List.iteri (fun i v -> put (280 + 4 * i) (BitConverter.GetBytes v))

            let sform = Affine(ReadOnlySpan [| 4.0; 0; 0; 1; 0; 4; 0; 2; 0; 0; 4; 3 |])
            Expect.isTrue ((affine (withData ())).IsCloseTo(sform, 1e-6)) "sform"
        }

        testProperty "the written qform says the same as the sform"
        <| fun (seed: int) (mirrored: bool) ->
            let random = Random seed
            // Now and then a half turn, where the quaternion's real part is 0.
            let q =
                Array.init 4 (fun i ->
                    if i = 0 && seed % 3 = 0 then
                        0.0
                    else
                        random.NextDouble() - 0.5)

            let norm = sqrt (Array.sumBy (fun x -> x * x) q)
            let w, x, y, z = q[0] / norm, q[1] / norm, q[2] / norm, q[3] / norm
            let s = if mirrored then -2.5 else 2.5

            let rows = [|
                1.5 * (1.0 - 2.0 * (y * y + z * z))
                2.0 * 2.0 * (x * y - w * z)
                s * 2.0 * (x * z + w * y)
                10.0
                1.5 * 2.0 * (x * y + w * z)
                2.0 * (1.0 - 2.0 * (x * x + z * z))
                s * 2.0 * (y * z - w * x)
                20.0
                1.5 * 2.0 * (x * z - w * y)
                2.0 * 2.0 * (y * z + w * x)
                s * (1.0 - 2.0 * (x * x + y * y))
                30.0
            |]

            let affine = Affine(ReadOnlySpan rows)

            TestData.inTemporaryFolder (fun folder ->
                let path = Path.Combine(folder, "a.nii")
                VolumeFile.Write(path, Volume(Grid(GridSize(1, 1, 1), affine)))
                let bytes = File.ReadAllBytes path
                // Take the sform away, so that the qform speaks.
                bytes[254] <- 0uy
                File.WriteAllBytes(path, bytes)
                Expect.isTrue ((VolumeFile.Read path).Grid.Affine.IsCloseTo(affine, 2e-3)) "qform")

        test "a volume, a mask" {
            TestData.inTemporaryFolder (fun folder ->
                let grid = Grid(GridSize(2, 3, 1), oblique)
                let path = Path.Combine(folder, "v.nii.gz")
                VolumeFile.Write(path, Volume(grid, Array.init 6 (fun i -> float32 i / 3f)))
                Expect.equal (VolumeFile.Read path).Values (Array.init 6 (fun i -> float32 i / 3f)) "volume"
                let mask = Mask(grid, [| true; false; true; true; false; false |])
                MaskFile.Write(path, mask)
                Expect.equal (MaskFile.Read(path, grid)).Values mask.Values "mask")
        }

        test "the real head opens with its scaling" {
            use reader = NiftiReader.Open(TestData.path "achieva/dwi.nii.gz")
            Expect.equal reader.Grid.Size (GridSize(128, 128, 60)) "size"
            Expect.equal reader.Volumes 33 "volumes"
            Expect.isTrue reader.Header.IsScaled "scl_slope 704"
            let values = Array.zeroCreate<float32> reader.Grid.Size.Voxels
            reader.ReadVolume(values.AsSpan())
            let multiple = float (Array.max values) / reader.Header.Slope
            Expect.floatClose Accuracy.medium multiple (round multiple) "a whole multiple of the slope"
        }
    ]
