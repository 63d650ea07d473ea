/// Symbol versions of ELF libraries: what `iqt doctor` compares.
module Iqt.Tests.Reversible.ElfVersionTests

open System
open System.IO
open Expecto
open Iqt.Reversible.Natives
open Iqt.Tests

// Bytes of the header changed, and half of the files cut.
let private damaged (random: Random) (whole: byte array) =
    let bytes = Array.copy whole

    for _ in 1..8 do
        bytes[random.Next 64] <- byte (random.Next 256)

    if random.Next 2 = 0 then
        bytes
    else
        bytes[.. random.Next bytes.Length]

[<Tests>]
let tests =
    testList "reversible/natives/versions" [
        test "TorchSharp's library asks for the version that is made optional, and needs an older one" {
            let report = NativesReport.Of()
            Expect.isNull report.Failure "libtorch loads"
            let name = "GLIBCXX_"
            let optional = Version.Parse(TorchResolver.OptionalVersion.Substring name.Length)
            Expect.equal report.AskedOfCpp optional "asked for"
            let needed = nonNull report.NeededOfCpp
            Expect.isLessThan needed optional "needed"
            Expect.isGreaterThanOrEqual (nonNull report.OfferedByCpp) needed "offered, for it runs here"
        }

        test "what the C++ library offers holds the first version of all" {
            let library = nonNull (NativesReport.Of().CppLibrary)
            Expect.contains (ElfVersionReader.Offered library) "GLIBCXX_3.4" library
        }

        test "a damaged library is refused by name or read, never anything else" {
            let whole = File.ReadAllBytes(nonNull (NativesReport.Of().Bridge))
            let random = Random 7

            TestData.inTemporaryFolder (fun folder ->
                let path = Path.Combine(folder, "damaged.so")
                let mutable refused = 0

                for _ in 1..100 do
                    File.WriteAllBytes(path, damaged random whole)

                    try
                        ElfVersionReader.Asked path |> ignore
                        ElfVersionReader.Offered path |> ignore
                    with :? InvalidDataException as e ->
                        Expect.stringContains e.Message path "names the file"
                        refused <- refused + 1

                Expect.isGreaterThan refused 10 "refused")
        }

        test "a file that is no library is refused" {
            TestData.inTemporaryFolder (fun folder ->
                let path = Path.Combine(folder, "text.so")
                File.WriteAllText(path, String('x', 100))
                Expect.throwsT<InvalidDataException> (fun () -> ElfVersionReader.Asked path |> ignore) "refused")
        }

        test "a damaged library is marked or refused, never anything else" {
            let whole = File.ReadAllBytes(nonNull (NativesReport.Of().Bridge))
            let random = Random 11
            let mutable refused = 0

            for _ in 1..100 do
                try
                    ElfSymbolVersions.MakeWeak((damaged random whole).AsSpan(), TorchResolver.OptionalVersion)
                    |> ignore
                with :? InvalidDataException ->
                    refused <- refused + 1

            Expect.isGreaterThan refused 10 "refused"
        }
    ]
