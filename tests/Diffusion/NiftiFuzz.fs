/// Damaged NIfTI files and the reader that is fed with them.
module Iqt.Tests.Diffusion.NiftiFuzz

open System
open System.IO
open Iqt.Diffusion
open Iqt.Tests.Fuzz

let private whole =
    let values count =
        Array.init count (fun i -> float (i * 7919 % 120))

    [|
        for bigEndian in [ false; true ] do
            for code in [ 2; 4; 16; 64; 1280 ] do
                NiftiBytes.file bigEndian [ 6; 5; 4; 3 ] code 0.5f 1f (values 360)
                NiftiBytes.file2 bigEndian [ 6; 5; 4; 3 ] code 0.5 1.0 (values 360)

            // With an extension of 32 bytes, which moves the data.
            let header, put = NiftiBytes.header bigEndian [ 4; 4; 4 ] 4 0f 0f
            put 108 (BitConverter.GetBytes 384f)
            put 348 [| 1uy |]
            put 254 (BitConverter.GetBytes 1s)

            [ 0; 5; 10 ]
            |> List.iter (fun i -> put (280 + 4 * i) (BitConverter.GetBytes 2f))

            let extension = Array.zeroCreate<byte> 32
            extension[if bigEndian then 3 else 0] <- 32uy
            header[348] <- 1uy
            Array.concat [ header; extension; NiftiBytes.samples bigEndian 4 (values 64) ]
    |]

let private damage (random: Random) (original: byte[]) =
    let bytes = Damage.bytes 560 random original
    let packed = if random.Next 2 = 0 then NiftiBytes.gzip bytes else bytes

    if random.Next 4 = 0 then
        packed[random.Next packed.Length] <- byte (random.Next 256)

    match random.Next 3 with
    | 0 -> packed[.. random.Next packed.Length]
    | 1 when random.Next 4 = 0 -> Array.append packed (Array.init (random.Next 600) (fun _ -> byte (random.Next 256)))
    | _ -> packed

let private readAll (path: string) =
    use reader = NiftiReader.Open path
    let values = Array.zeroCreate<float32> reader.Grid.Size.Voxels

    while reader.Position < reader.Volumes do
        reader.ReadVolume(values.AsSpan())

/// Headers, extensions, gzip streams and voxels.
let reader: Reader = {
    Name = "NIfTI"
    Furnish = ignore
    Originals = whole |> Array.map (fun bytes -> "fuzz.nii", bytes)
    Damage = damage
    Read = fun folder -> readAll (Path.Combine(folder, "fuzz.nii"))
    // gzip makes at most 1032 bytes of one, and a uint8 becomes a float32; 2 MB are buffers.
    Plausible =
        fun bytes ->
            let packed = bytes.Length > 1 && bytes[0] = 0x1fuy && bytes[1] = 0x8buy
            int64 bytes.Length * (if packed then 1032L else 1L) * 4L + (2L <<< 20)
}
