/// Round trips against nibabel (nibabel_files.py). Skipped where no Python here has nibabel.
module Iqt.Tests.Diffusion.NibabelTests

open System
open System.Diagnostics
open System.Globalization
open System.IO
open Expecto
open Iqt.Diffusion
open Iqt.Tests

let private python (interpreter: string) (arguments: string list) =
    let start =
        ProcessStartInfo(interpreter, RedirectStandardOutput = true, RedirectStandardError = true)

    arguments |> List.iter start.ArgumentList.Add

    try
        use running = nonNull (Process.Start start)
        let output = running.StandardOutput.ReadToEndAsync()
        let error = running.StandardError.ReadToEnd()
        running.WaitForExit()
        running.ExitCode, output.Result + error
    with :? ComponentModel.Win32Exception as missing ->
        -1, missing.Message

/// Debian's package serves Debian's Python, which need not be the first in the path.
let private interpreter =
    lazy
        ([ "python3"; "/usr/bin/python3" ]
         |> List.tryFind (fun name -> fst (python name [ "-c"; "import nibabel" ]) = 0))

let private script (command: string) (folder: string) =
    match interpreter.Value with
    | None -> skiptest "no Python with nibabel is to be had (Debian: python3-nibabel)"
    | Some name ->
        let path = Path.Combine(AppContext.BaseDirectory, "Diffusion", "nibabel_files.py")
        python name [ path; command; folder ]

let private numbers (text: string) =
    text.Split ' '
    |> Array.map (fun word -> Double.Parse(word, CultureInfo.InvariantCulture))

let private typeOf (name: string) =
    Enum.GetValues<NiftiDataType>()
    |> Array.find (fun kind -> String.Equals(string kind, name, StringComparison.OrdinalIgnoreCase))

let private read (path: string) =
    use reader = NiftiReader.Open path

    reader.Header,
    Array.concat [|
        for _ in 1 .. reader.Volumes do
            let values = Array.zeroCreate<float> reader.Grid.Size.Voxels
            reader.ReadVolume(values.AsSpan())
            values
    |]

let private doubles (path: string) =
    let bytes = File.ReadAllBytes path
    Array.init (bytes.Length / 8) (fun i -> BitConverter.ToDouble(bytes, 8 * i))

let private sizeOf (header: NiftiHeader) =
    let size = header.Grid.Size
    [ size.X; size.Y; size.Z; yield! header.SeriesSize ]

let private affineText (affine: Affine) =
    String.Join(
        ' ',
        [
            for i in 0..11 -> affine[i / 4, i % 4].ToString("R", CultureInfo.InvariantCulture)
        ]
    )

let private mirrored =
    Affine(ReadOnlySpan [| -1.9; 0.3; 0.1; 40.5; 0.285; 1.99; -0.2; -30.25; 0.16; 0.19; 2.49; 7.125 |])

let private turned =
    Affine(ReadOnlySpan [| 0.0; -1.5; 0; 5; 2; 0; 0; 6; 0; 0; 2.5; 7 |])

[<Tests>]
let tests =
    testList "diffusion/nibabel" [
        test "what nibabel writes is read: every type, byte order and version, files and pairs, scaled or not" {
            TestData.inTemporaryFolder (fun folder ->
                let code, output = script "write" folder
                Expect.equal code 0 output
                let lines = File.ReadAllLines(Path.Combine(folder, "theirs.tsv"))
                Expect.equal lines.Length 160 "10 types × 2 byte orders × 2 versions × 2 forms × scaled or not"

                for line in lines do
                    let wanted = line.Split '\t'
                    let name = wanted[0]
                    let header, values = read (Path.Combine(folder, name))
                    let shape = wanted[1].Split 'x' |> Array.map int |> List.ofArray
                    Expect.equal (sizeOf header) shape $"{name}: size"
                    Expect.equal header.DataType (typeOf wanted[2]) $"{name}: type"
                    Expect.equal header.BigEndian (wanted[3] = "big") $"{name}: byte order"
                    Expect.equal (int header.Version) (int wanted[4]) $"{name}: version"
                    Expect.equal (int header.SformCode) (int wanted[5]) $"{name}: sform code"
                    Expect.equal (int header.QformCode) (int wanted[6]) $"{name}: qform code"

                    let sform, qform =
                        Affine(ReadOnlySpan(numbers wanted[7])), Affine(ReadOnlySpan(numbers wanted[8]))

                    Expect.isTrue (header.Grid.Affine.IsCloseTo(sform, 1e-12)) $"{name}: sform"

                    let found =
                        match header.Qform with
                        | null -> header.Grid.Affine
                        | other -> other

                    Expect.isTrue (found.IsCloseTo(qform, 1e-4)) $"{name}: qform"
                    Expect.equal header.Extensions.Count (int wanted[9]) $"{name}: extensions"
                    let expected = doubles (Path.Combine(folder, name + ".f64"))

                    for i in 0 .. values.Length - 1 do
                        if abs (values[i] - expected[i]) > 1e-12 * abs expected[i] then
                            failtestf "%s: value %d is %g, nibabel says %g" name i values[i] expected[i])
        }

        test "nibabel reads what is written: every type, byte order and version, files and pairs, scaled or not" {
            TestData.inTemporaryFolder (fun folder ->
                let random = Random 2
                let lines = ResizeArray<string>()

                for kind in Enum.GetValues<NiftiDataType>() |> Array.except [ NiftiDataType.Unknown ] do
                    for bigEndian in [ false; true ] do
                        for version in [ NiftiVersion.One; NiftiVersion.Two ] do
                            for ending in [ ".nii"; ".nii.gz"; ".img"; ".img.gz" ] do
                                for scaled in [ false; true ] do
                                    let name = $"ours%03d{lines.Count}{ending}"

                                    let header =
                                        NiftiHeader(
                                            Grid = Grid(GridSize(3, 4, 2), mirrored),
                                            SeriesSize = [| 2; 3 |],
                                            DataType = kind,
                                            BigEndian = bigEndian,
                                            Version = version,
                                            Slope = (if scaled then 0.5 else 0.0),
                                            Intercept = (if scaled then 2.0 else 0.0),
                                            SformCode = NiftiSpace.Aligned,
                                            QformCode = NiftiSpace.Scanner,
                                            Qform = turned,
                                            Extensions = [| NiftiExtension(6, "a note"B) |]
                                        )

                                    let values =
                                        Array.init (24 * 6) (fun _ ->
                                            let sample = float (random.Next 100)
                                            if scaled then 0.5 * sample + 2.0 else sample)

                                    do
                                        use writer = NiftiWriter.Create(Path.Combine(folder, name), header)

                                        for volume in Array.chunkBySize 24 values do
                                            writer.WriteVolume(ReadOnlySpan volume)

                                        writer.Commit()

                                    File.WriteAllBytes(
                                        Path.Combine(folder, name + ".f64"),
                                        values |> Array.collect BitConverter.GetBytes
                                    )

                                    lines.Add(
                                        String.Join(
                                            '\t',
                                            [
                                                name
                                                "3x4x2x2x3"
                                                (string kind).ToLowerInvariant()
                                                (if bigEndian then "big" else "little")
                                                string (int version)
                                                "2"
                                                "1"
                                                affineText mirrored
                                                affineText turned
                                                "1"
                                            ]
                                        )
                                    )

                File.WriteAllLines(Path.Combine(folder, "ours.tsv"), lines)
                let code, output = script "check" folder
                Expect.equal (code, output) (0, "") "nibabel agrees")
        }
    ]
