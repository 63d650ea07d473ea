/// NIfTI files made byte by byte from nifti1.h and nifti2.h, independently of the writer under test.
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
    | 768 -> BitConverter.GetBytes(uint32 value)
    | 1024 -> BitConverter.GetBytes(int64 value)
    | 1280 -> BitConverter.GetBytes(uint64 value)
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

/// The same in NIfTI-2: 540 bytes, other places, wider numbers.
let header2 (bigEndian: bool) (dims: int list) (code: int) (slope: float) (intercept: float) =
    let bytes = Array.zeroCreate<byte> 544

    let put (offset: int) (value: byte[]) =
        (ordered bigEndian value).CopyTo(bytes, offset)

    put 0 (BitConverter.GetBytes 540)
    Array.blit "n+2\000\r\n\026\n"B 0 bytes 4 8
    put 12 (BitConverter.GetBytes(int16 code))
    put 14 (BitConverter.GetBytes(int16 (8 * (sample code 0.0).Length)))
    put 16 (BitConverter.GetBytes(int64 dims.Length))

    dims
    |> List.iteri (fun axis size -> put (24 + 8 * axis) (BitConverter.GetBytes(int64 size)))

    [ 1.0; 1.0; 2.0; 3.0; 1.0 ]
    |> List.iteri (fun i size -> put (104 + 8 * i) (BitConverter.GetBytes size))

    put 168 (BitConverter.GetBytes 544L)
    put 176 (BitConverter.GetBytes slope)
    put 184 (BitConverter.GetBytes intercept)
    bytes, put

/// Samples in the file's byte order.
let samples bigEndian code (values: float[]) =
    values |> Array.collect (sample code >> ordered bigEndian)

/// A whole file of version 2.
let file2 bigEndian dims code slope intercept (values: float[]) =
    let bytes, _ = header2 bigEndian dims code slope intercept
    Array.append bytes (samples bigEndian code values)

/// A whole file.
let file bigEndian dims code slope intercept (values: float[]) =
    let bytes, _ = header bigEndian dims code slope intercept
    Array.append bytes (samples bigEndian code values)

let gzip (bytes: byte[]) =
    use memory = new MemoryStream()

    do
        use stream = new GZipStream(memory, CompressionLevel.Fastest)
        stream.Write(bytes, 0, bytes.Length)

    memory.ToArray()
