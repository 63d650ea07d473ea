/// NIfTI-1 files made byte by byte from nifti1.h, independently of the writer under test.
module Iqt.Tests.Diffusion.NiftiBytes

open System
open System.IO
open System.IO.Compression

/// Bytes of a number of `size` bytes in the byte order wanted.
let private ordered (bigEndian: bool) (bytes: byte[]) =
    if bigEndian = BitConverter.IsLittleEndian then
        Array.rev bytes
    else
        bytes

let private sample (code: int) (value: float) : byte[] =
    match code with
    | 2 -> [| byte value |]
    | 256 -> [| byte (sbyte value) |]
    | 4 -> BitConverter.GetBytes(int16 value)
    | 512 -> BitConverter.GetBytes(uint16 value)
    | 8 -> BitConverter.GetBytes(int value)
    | 16 -> BitConverter.GetBytes(float32 value)
    | _ -> BitConverter.GetBytes value

/// A header with pixdim 1, 2, 3 mm and neither sform nor qform; `put` writes further fields.
let header (bigEndian: bool) (dims: int list) (code: int) (slope: float32) (intercept: float32) =
    let bytes = Array.zeroCreate<byte> 352

    let put (offset: int) (value: byte[]) =
        (ordered bigEndian value).CopyTo(bytes, offset)

    put 0 (BitConverter.GetBytes 348)
    put 40 (BitConverter.GetBytes(int16 dims.Length))

    dims
    |> List.iteri (fun axis size -> put (42 + 2 * axis) (BitConverter.GetBytes(int16 size)))

    put 70 (BitConverter.GetBytes(int16 code))
    put 72 (BitConverter.GetBytes(int16 (8 * (sample code 0.0).Length)))

    [ 1f; 1f; 2f; 3f; 1f ]
    |> List.iteri (fun i size -> put (76 + 4 * i) (BitConverter.GetBytes size))

    put 108 (BitConverter.GetBytes 352f)
    put 112 (BitConverter.GetBytes slope)
    put 116 (BitConverter.GetBytes intercept)
    Array.blit "n+1"B 0 bytes 344 3
    bytes, put

/// A whole file.
let file bigEndian dims code slope intercept (samples: float[]) =
    let bytes, _ = header bigEndian dims code slope intercept
    Array.append bytes (samples |> Array.collect (sample code >> ordered bigEndian))

let gzip (bytes: byte[]) =
    use memory = new MemoryStream()

    do
        use stream = new GZipStream(memory, CompressionLevel.Fastest)
        stream.Write(bytes, 0, bytes.Length)

    memory.ToArray()
