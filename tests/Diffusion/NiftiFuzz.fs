/// Damages NIfTI files in a reproducible way and watches what the reader does with them.
module Iqt.Tests.Diffusion.NiftiFuzz

open System
open System.Diagnostics
open System.IO
open Iqt.Diffusion
open Iqt.Tests

/// How many files were read or refused, and what must not happen: another exception, a long time, much memory.
type Outcome = {
    Read: int
    Refused: int
    Failures: string list
}

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

// Bytes at which numbers change sign, vanish or become NaN.
let private telling = [| 0uy; 1uy; 0x7fuy; 0x80uy; 0xffuy |]

let private damage (random: Random) =
    let original = whole[random.Next whole.Length]
    let bytes = Array.copy original

    for _ in 1 .. random.Next 7 do
        let place = random.Next(min bytes.Length 560)

        bytes[place] <-
            if random.Next 2 = 0 then
                telling[random.Next telling.Length]
            else
                byte (random.Next 256)

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

/// Damages and reads <c>count</c> files; the same seed makes the same files.
let run (seed: int) (count: int) : Outcome =
    TestData.inTemporaryFolder (fun folder ->
        let path = Path.Combine(folder, "fuzz.nii")
        let random = Random seed
        let mutable read, refused = 0, 0
        let failures = ResizeArray<string>()
        let clock = Stopwatch()

        for number in 1..count do
            let bytes = damage random
            File.WriteAllBytes(path, bytes)
            let before = GC.GetAllocatedBytesForCurrentThread()
            clock.Restart()

            try
                readAll path
                read <- read + 1
            with
            | :? NiftiException -> refused <- refused + 1
            | error -> failures.Add $"seed {seed}, file {number}: {error.GetType().Name}: {error.Message}"

            let allocated = GC.GetAllocatedBytesForCurrentThread() - before
            // gzip makes at most 1032 bytes of one, and a uint8 becomes a float32; 2 MB are buffers.
            let packed = bytes.Length > 1 && bytes[0] = 0x1fuy && bytes[1] = 0x8buy

            let plausible =
                int64 bytes.Length * (if packed then 1032L else 1L) * 4L + (2L <<< 20)

            if allocated > plausible then
                failures.Add $"seed {seed}, file {number}: {allocated} bytes allocated for a file of {bytes.Length}"

            if clock.Elapsed > TimeSpan.FromSeconds 5.0 then
                failures.Add $"seed {seed}, file {number}: took {clock.Elapsed}"

        {
            Read = read
            Refused = refused
            Failures = List.ofSeq failures
        })

/// Names the long run on the command line of the tests: this, a seed and a number of files.
let fuzzArgument = "--fuzz-nifti"

/// Prints what a long run found; the exit code says whether anything failed.
let report (seed: int) (count: int) =
    let outcome = run seed count

    printfn
        $"{count} damaged files, seed {seed}: {outcome.Read} read, {outcome.Refused} refused, {outcome.Failures.Length} failures"

    outcome.Failures |> List.truncate 20 |> List.iter (printfn "%s")
    if outcome.Failures.IsEmpty then 0 else 1
