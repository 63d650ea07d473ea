/// What a header says beside sizes and samples: version, pairs, extensions, spaces, units.
module Iqt.Tests.Diffusion.NiftiFormTests

open System
open System.IO
open Expecto
open Iqt.Diffusion
open Iqt.Tests

let private bytesOf (value: float32) = BitConverter.GetBytes value
let private short (value: int) = BitConverter.GetBytes(int16 value)

let private opened (name: string) (bytes: byte[]) (action: NiftiReader -> 'a) =
    TestData.inTemporaryFolder (fun folder ->
        let path = Path.Combine(folder, name)
        File.WriteAllBytes(path, bytes)
        use reader = NiftiReader.Open path
        action reader)

let private grid = Grid(GridSize(2, 3, 2), Affine.Scaling(2, 2, 2))

let private write (path: string) (header: NiftiHeader) (values: float[]) =
    use writer = NiftiWriter.Create(path, header)
    writer.WriteVolume(ReadOnlySpan values)
    writer.Commit()

let private readDoubles (path: string) =
    use reader = NiftiReader.Open path
    let values = Array.zeroCreate<float> reader.Grid.Size.Voxels
    reader.ReadVolume(values.AsSpan())
    reader.Header, values

[<Tests>]
let tests =
    testList "diffusion/nifti forms" [
        test "32-bit integers and float64 keep their digits when read as float64" {
            for kind, value in
                [
                    NiftiDataType.Int32, 2147483647.0
                    NiftiDataType.UInt32, 4294967295.0
                    NiftiDataType.Int64, -9007199254740991.0
                    NiftiDataType.UInt64, 9007199254740991.0
                    NiftiDataType.Float64, Math.PI
                ] do
                for bigEndian in [ false; true ] do
                    TestData.inTemporaryFolder (fun folder ->
                        let path = Path.Combine(folder, "a.nii")
                        let values = Array.init 12 (fun i -> if i = 7 then value else float i)
                        write path (NiftiHeader(Grid = grid, DataType = kind, BigEndian = bigEndian)) values
                        Expect.equal (snd (readDoubles path)) values $"{kind}")
        }

        test "a pair is found by either name, compressed or not, with its offset" {
            let header, put = NiftiBytes.header true [ 2; 3; 2 ] 4 0f 0f
            Array.blit "ni1"B 0 header 344 3
            put 108 (bytesOf 16f)
            let values = Array.init 12 float

            for headerEnd, dataEnd in [ ".hdr", ".img"; ".hdr.gz", ".img.gz"; ".hdr", ".img.gz" ] do
                TestData.inTemporaryFolder (fun folder ->
                    let pack (name: string) (bytes: byte[]) =
                        if name.EndsWith ".gz" then NiftiBytes.gzip bytes else bytes

                    let at name = Path.Combine(folder, "a" + name)
                    File.WriteAllBytes(at headerEnd, pack headerEnd header)
                    Expect.throwsT<NiftiException> (fun () -> readDoubles (at headerEnd) |> ignore) "no .img"

                    let data =
                        Array.append (Array.zeroCreate<byte> 16) (NiftiBytes.samples true 4 values)

                    File.WriteAllBytes(at dataEnd, pack dataEnd data)

                    for name in [ headerEnd; dataEnd ] do
                        Expect.equal (snd (readDoubles (at name))) values $"{headerEnd} {dataEnd} by {name}")
        }

        test "a pair is written and read again, in both versions" {
            for version in [ NiftiVersion.One; NiftiVersion.Two ] do
                for ending in [ ".hdr"; ".img.gz" ] do
                    TestData.inTemporaryFolder (fun folder ->
                        let path = Path.Combine(folder, "a" + ending)
                        write path (NiftiHeader(Grid = grid, Version = version)) (Array.init 12 float)
                        let found, values = readDoubles path
                        Expect.equal values (Array.init 12 float) "values"
                        Expect.equal found.Version version "version"
                        Expect.equal (Directory.GetFiles folder).Length 2 "two files")
        }

        test "extensions are kept, and one that does not fit is passed over" {
            let extensions = [| NiftiExtension(6, "hello"B); NiftiExtension(4, Array.zeroCreate 100) |]

            for ending in [ ".nii"; ".nii.gz"; ".hdr" ] do
                for bigEndian in [ false; true ] do
                    TestData.inTemporaryFolder (fun folder ->
                        let path = Path.Combine(folder, "a" + ending)

                        write
                            path
                            (NiftiHeader(Grid = grid, Extensions = extensions, BigEndian = bigEndian))
                            (Array.init 12 float)

                        let found, values = readDoubles path
                        Expect.equal values (Array.init 12 float) "values"
                        Expect.equal [ for e in found.Extensions -> e.Code ] [ 6; 4 ] "codes"
                        Expect.equal found.Extensions[0].Content[..4] "hello"B "content"
                        Expect.equal found.Extensions[1].Content.Length 104 "filled up to 16")

            let header, put = NiftiBytes.header false [ 2; 1; 1 ] 2 0f 0f
            put 108 (bytesOf 384f)
            put 348 [| 1uy |]
            let block = Array.zeroCreate<byte> 32
            block[0] <- 200uy

            opened "a.nii" (Array.concat [ header; block; [| 5uy; 6uy |] ]) (fun reader ->
                Expect.isEmpty reader.Header.Extensions "200 bytes in 32"
                let values = Array.zeroCreate<float32> 2
                reader.ReadVolume(values.AsSpan())
                Expect.equal values [| 5f; 6f |] "data")
        }

        test "a qform that means nothing is passed over beside an sform, and refused alone" {
            let header, put = NiftiBytes.header false [ 2; 3; 2 ] 4 0f 0f
            let image = Array.append header (Array.zeroCreate 24)
            put 252 (short 1)
            put 256 (bytesOf nanf)
            header.CopyTo(image, 0)
            let error = Expect.throwsC (fun () -> opened "a.nii" image ignore) id
            Expect.stringContains error.Message "its qform has determinant" "alone"

            Expect.isFalse
                (error.Message.Contains "copyqform2sform."
                 && not (error.Message.Contains "setqform"))
                "remedy"

            put 254 (short 1)

            for row in 0..2 do
                put (280 + 20 * row) (bytesOf 2f)

            header.CopyTo(image, 0)

            opened "a.nii" image (fun reader ->
                Expect.equal reader.Grid.Affine (Affine.Scaling(2, 2, 2)) "the sform"
                Expect.equal reader.Header.QformCode NiftiSpace.Unknown "no qform is handed on")
        }

        test "codes of qform and sform, and a qform of its own, survive reading and writing" {
            let qform = Affine(ReadOnlySpan [| 0.0; -2; 0; 5; 2; 0; 0; 6; 0; 0; 2; 7 |])

            let headerOf version =
                NiftiHeader(
                    Grid = grid,
                    Version = version,
                    SformCode = NiftiSpace.Mni152,
                    QformCode = NiftiSpace.Aligned,
                    Qform = qform,
                    Intent = 1005,
                    IntentParameter = 3.0,
                    SeriesSpacing = 5.5,
                    Description = "ä long text"
                )

            for version in [ NiftiVersion.One; NiftiVersion.Two ] do
                TestData.inTemporaryFolder (fun folder ->
                    let path = Path.Combine(folder, "a.nii")
                    let header = headerOf version
                    write path header (Array.init 12 float)
                    let found, _ = readDoubles path
                    Expect.equal found.SformCode NiftiSpace.Mni152 "sform"
                    Expect.equal found.QformCode NiftiSpace.Aligned "qform"
                    Expect.isTrue ((nonNull found.Qform).IsCloseTo(qform, 1e-5)) "qform's map"
                    Expect.isTrue (found.Grid.Affine.IsCloseTo(grid.Affine, 0.0)) "sform's map"
                    Expect.equal (found.Intent, found.IntentParameter) (1005, 3.0) "intent"
                    Expect.equal (found.SeriesSpacing, found.SeriesUnit) (5.5, NiftiSeriesUnit.Seconds) "spacing"
                    Expect.equal found.Description header.Description "description")
        }

        test "metres and micrometres become mm, milliseconds seconds" {
            let header, put = NiftiBytes.header false [ 1; 1; 1; 2 ] 2 0f 0f
            let bytes () = Array.append header [| 1uy; 2uy |]

            for units, scale in [ 0, 1.0; 1, 1000.0; 2, 1.0; 3, 0.001 ] do
                put 123 [| byte (units ||| 16) |]

                opened "a.nii" (bytes ()) (fun reader ->
                    let expected = Affine.Scaling(scale, 2.0 * scale, 3.0 * scale)
                    Expect.isTrue (reader.Grid.Affine.IsCloseTo(expected, 1e-9)) $"unit {units}"
                    Expect.floatClose Accuracy.high reader.Header.SeriesSpacing 1e-3 "spacing"
                    Expect.equal reader.Header.SeriesUnit NiftiSeriesUnit.Seconds "its unit")

            put 123 [| 34uy |]
            opened "a.nii" (bytes ()) (fun reader -> Expect.equal reader.Header.SeriesUnit NiftiSeriesUnit.Hertz "Hz")
        }

        test "an axis too long for version 1 is written as version 2" {
            TestData.inTemporaryFolder (fun folder ->
                let path = Path.Combine(folder, "a.nii")
                let long = Grid(GridSize(40000, 1, 1), Affine.Scaling(1, 1, 1))
                write path (NiftiHeader(Grid = long, DataType = NiftiDataType.UInt8)) (Array.zeroCreate 40000)
                let found, values = readDoubles path
                Expect.equal (found.Version, values.Length) (NiftiVersion.Two, 40000) "version 2")
        }

        test "faults are told apart" {
            let fault (name: string) (bytes: byte[]) =
                try
                    opened name bytes ignore
                    failtest "no exception"
                with :? NiftiException as error ->
                    error.Fault

            let header, put = NiftiBytes.header false [ 2; 2; 2 ] 2 0f 0f
            Expect.equal (fault "a.nii" (Array.zeroCreate 400)) NiftiFault.NotNifti "zeros"
            Expect.equal (fault "a.nii" header) NiftiFault.Truncated "no data"
            put 70 (short 32)
            Expect.equal (fault "a.nii" (Array.append header (Array.zeroCreate 8))) NiftiFault.DataType "complex"
            put 70 (short 2)
            put 42 (short -1)
            Expect.equal (fault "a.nii" (Array.append header (Array.zeroCreate 8))) NiftiFault.Header "size -1"

            Expect.equal
                (fault "a.hdr" (Array.append header[..343] "ni1\000\000\000\000\000"B))
                NiftiFault.Header
                "pair"

            put 42 (short 2)

            Expect.equal
                (fault "a.hdr" (Array.append header[..343] "ni1\000\000\000\000\000"B))
                NiftiFault.Missing
                "no .img"

            let packed = NiftiBytes.gzip (Array.append header (Array.zeroCreate 8))
            Expect.equal (fault "a.nii.gz" packed[.. packed.Length / 2]) NiftiFault.Compression "half"
        }
    ]
