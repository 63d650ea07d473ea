module Iqt.Tests.Command.RefusalTests

open System
open System.IO
open Expecto
open TorchSharp
open Iqt.Cli
open Iqt.Cli.Completion
open Iqt.Diffusion
open Iqt.Tests
open Iqt.Tests.Command.CommandLine

let private grid = Grid(GridSize(6, 6, 6), Affine.Scaling(2.0, 2.0, 2.0))

// Seven volumes: b=0 and six directions.
let private writeSeries (folder: string) =
    let dwi = Path.Combine(folder, "sub-01_dwi.nii.gz")
    DwiFile.Write(dwi, DwiSeries(grid, List.init 7 (fun i -> Array.create grid.Size.Voxels (float32 (100 - i)))))
    File.WriteAllText(Path.Combine(folder, "sub-01_dwi.bval"), "0 1000 1000 1000 1000 1000 1000\n")

    File.WriteAllText(
        Path.Combine(folder, "sub-01_dwi.bvec"),
        "0 1 0 0 0.7071 0.7071 0\n0 0 1 0 0.7071 0 0.7071\n0 0 0 1 0 0.7071 0.7071\n"
    )

    dwi

let private writeMask (folder: string) =
    let path = Path.Combine(folder, "mask.nii.gz")
    MaskFile.Write(path, Mask(grid, Array.create grid.Size.Voxels true))
    path

let private withSeries action =
    TestData.inTemporaryFolder (fun folder -> action folder (writeSeries folder))

let private fit folder dwi more =
    [ "fit"; dwi; "--out"; Path.Combine(folder, "result") ] @ more

[<Tests>]
let tests =
    testList "command" [
        testList "refusals" [
            test "an unknown option" {
                refuses ExitCode.Usage [ "--bogus"; "iqt fit --help" ] [ "fit"; "x"; "--out"; "y"; "--bogus" ]
            }
            test "a benchmark of nothing, and of what is no mode or precision" {
                let bench arguments =
                    "bench" :: "speed" :: "espcn" :: arguments

                refuses
                    ExitCode.Usage
                    [ "--update fused"; "another mode" ]
                    (bench [ "--mode"; "single-graph"; "--update"; "fused" ])

                refuses ExitCode.Usage [ "--precision int8"; "bfloat16" ] (bench [ "--precision"; "float32,int8" ])
                refuses ExitCode.Usage [ "--mode naive"; "stored" ] (bench [ "--mode"; "stored,naive" ])
            }

            test "a budget of memory that no way of a benchmark takes" {
                for options in
                    [
                        [ "--mode"; "stored" ]
                        [ "--mode"; "reversible"; "--precision"; "bfloat16" ]
                    ] do
                    refuses
                        ExitCode.Usage
                        [ "--memory-budget"; "mode reversible in float32" ]
                        ([ "bench"; "speed"; "espcn"; "--memory-budget"; "10MB" ] @ options)
            }
            test "a word that is empty, as of a variable that is not set" {
                refuses ExitCode.Usage [ "the word behind 'fit' is empty"; "variable" ] [ "fit"; ""; "--out"; "x" ]
                refuses ExitCode.Usage [ "the word behind '--out' is empty" ] [ "fit"; "x"; "--out"; "" ]
                refuses ExitCode.Usage [ "the first word is empty" ] [ "" ]
                refuses ExitCode.Usage [ "the word behind 'new' is empty" ] [ "new"; "" ]
            }
            test "tensors don't take gradient files" {
                TestData.inTemporaryFolder (fun folder ->
                    let mask = writeMask folder
                    let run = Path.Combine(folder, "run.safetensors")
                    use network = Iqt.Tests.Training.Fixtures.create "espcn" [] 1UL

                    Iqt.Training.Checkpoint
                        .Capture(
                            network,
                            Iqt.Tests.Training.Fixtures.espcnGeometry,
                            Iqt.Training.Normalization(
                                Iqt.Training.NormalizationScope.PerChannel,
                                Iqt.Training.Standardization(Array.zeroCreate 6, Array.create 6 1f),
                                Iqt.Training.Standardization(Array.zeroCreate 6, Array.create 6 1f)
                            ),
                            1,
                            1.0
                        )
                        .Write
                        run

                    refuses
                        ExitCode.Usage
                        [ "--tensors takes neither --bval nor --bvec" ]
                        ([ "predict"; run; mask; "--tensors"; "--mask"; mask; "--out"; folder ]
                         @ [ "--bval"; "a"; "--bvec"; "b" ]))
            }
            test "several workers that ran out of memory end as one does" {
                let several =
                    AggregateException [ IOException "x" :> exn; OutOfMemoryException() :> exn ]

                Expect.equal (fst (Failures.describe several)) ExitCode.Environment "exit code"
            }

            test "an unknown command" { refuses ExitCode.Usage [ "bogus"; "iqt --help" ] [ "bogus" ] }
            test "an unknown network names those there are" {
                refuses ExitCode.Usage [ "'nope'"; "espcn-rn" ] [ "describe"; "nope" ]
            }
            test "an unknown hyperparameter names those there are" {
                refuses ExitCode.Usage [ "Depth"; "Blocks" ] [ "describe"; "espcn-rn"; "--set"; "Depth=2" ]
            }
            test "a slip of the keyboard is answered with the name that was meant" {
                let train options =
                    [ "train"; "espcn-rn"; "--data"; "d"; "--out"; "o" ] @ options

                refuses ExitCode.Usage [ "'espnc'"; "Did you mean espcn?" ] [ "describe"; "espnc" ]
                refuses ExitCode.Usage [ "'EspcnRn'"; "Did you mean espcn-rn?" ] [ "describe"; "EspcnRn" ]

                refuses ExitCode.Usage [ "'Block'"; "Did you mean Blocks?" ] [
                    "describe"
                    "espcn-rn"
                    "--set"
                    "Block=2"
                ]

                refuses ExitCode.Usage [ "'trian'"; "Did you mean train?" ] [ "trian" ]
                refuses ExitCode.Usage [ "'-o'"; "Did you mean --out?" ] [ "prepare"; "d"; "-o"; "p" ]

                refuses ExitCode.Usage [ "patchSize is"; "--setting patchSize=12" ] (train [ "--set"; "patchSize=12" ])
                refuses ExitCode.Usage [ "'8'"; "--depths 4,8" ] [ "check"; "espcn-rn"; "--depths"; "4"; "8" ]
                refuses ExitCode.Usage [ "--setting patchSize=VALUE" ] (train [ "--patch-size"; "12" ])

                refuses
                    ExitCode.Usage
                    [ "'2'"; "as one word: --set Blocks=2." ]
                    (train [ "--set"; "Blocks"; "2"; "--epochs"; "1" ])

                refuses ExitCode.Usage [ "epoch"; "Did you mean epochs?" ] (train [ "--setting"; "epoch=2" ])
                refuses ExitCode.Usage [ "'--epoch'"; "Did you mean --epochs?" ] (train [ "--epoch"; "2" ])
                let far = iqt [ "describe"; "nope" ]
                Expect.isFalse (far.Error.Contains "Did you mean") far.Error
            }
            test "a hyperparameter that is no number" {
                refuses ExitCode.Usage [ "Blocks=two"; "--set Blocks=4" ] [
                    "describe"
                    "espcn-rn"
                    "--set"
                    "Blocks=two"
                ]
            }
            test "an unknown mode" {
                refuses ExitCode.Usage [ "--mode naive"; "reversible" ] [
                    "train"
                    "espcn"
                    "--data"
                    "d"
                    "--out"
                    "o"
                    "--mode"
                    "naive"
                ]
            }
            test "a GPU that is not there" {
                if torch.cuda.is_available () then
                    skiptest "there is a GPU"

                refuses ExitCode.Environment [ "cuda"; "--device cpu" ] [ "check"; "espcn"; "--device"; "cuda" ]
            }
            test "a scan where a run was expected" {
                withSeries (fun folder dwi ->
                    refuses ExitCode.Usage [ dwi; "is a scan"; "iqt predict RUN SCAN" ] [
                        "predict"
                        dwi
                        "run"
                        "--out"
                        folder
                    ])
            }
            test "a missing bvec" {
                withSeries (fun folder dwi ->
                    File.Delete(Path.Combine(folder, "sub-01_dwi.bvec"))
                    refuses ExitCode.Data [ "direction"; "sub-01_dwi.bvec" ] (fit folder dwi []))
            }
            test "one gradient file without the other" {
                withSeries (fun folder dwi ->
                    refuses ExitCode.Usage [ "--bval"; "--bvec" ] (fit folder dwi [ "--bval"; "x" ]))
            }
            test "counts that disagree" {
                withSeries (fun folder dwi ->
                    File.WriteAllText(Path.Combine(folder, "sub-01_dwi.bval"), "0 1000 1000\n")
                    refuses ExitCode.Data [ "7"; "3" ] (fit folder dwi []))
            }
            test "a truncated gzip" {
                withSeries (fun folder dwi ->
                    let bytes = File.ReadAllBytes dwi
                    File.WriteAllBytes(dwi, bytes[.. bytes.Length / 2])
                    let mask = writeMask folder
                    refuses ExitCode.Data [ "sub-01_dwi.nii.gz"; "truncated" ] (fit folder dwi [ "--mask"; mask ]))
            }
            test "a shell that is not there, of the file that would hold it" {
                withSeries (fun folder dwi ->
                    let mask = writeMask folder

                    refuses
                        ExitCode.Data
                        [ "sub-01_dwi.bval"; "b=3000"; "6 at b=1000"; "--shell" ]
                        (fit folder dwi [ "--mask"; mask; "--shell"; "3000" ]))
            }
            test "a place that can't be written to, before anything is computed" {
                withSeries (fun folder dwi ->
                    // Of two faults the second shows only while the fit reads the series.
                    let bytes = File.ReadAllBytes dwi
                    File.WriteAllBytes(dwi, bytes[.. bytes.Length / 2])
                    let mask = writeMask folder
                    let place = Path.Combine(folder, "sub-01_dwi.bval", "result")
                    refuses ExitCode.Data [ place ] [ "fit"; dwi; "--mask"; mask; "--out"; place ])
            }
            test "a file that is not NIfTI" {
                withSeries (fun folder dwi ->
                    File.WriteAllText(dwi, String.replicate 400 "no NIfTI ")
                    refuses ExitCode.Data [ "sub-01_dwi.nii.gz"; "NIfTI" ] (fit folder dwi []))
            }
            test "an assembly that is gone is no fault of the data" {
                let gone =
                    FileNotFoundException("Could not load", "Iqt.Models, Culture=neutral, PublicKeyToken=null")

                let code, message = Failures.describe gone
                Expect.equal code ExitCode.Environment "exit code"
                Expect.stringContains message "Iqt.Models.dll" "message"

                Expect.equal
                    (fst (Failures.describe (FileNotFoundException("x", "/data/x.nii"))))
                    ExitCode.Data
                    "a file"
            }
            test "what nobody foresaw ends with 70 and says its type" {
                let code, message = Failures.describe (InvalidCastException "what")
                Expect.equal code ExitCode.Unexpected "exit code"
                Expect.stringContains message "InvalidCastException: what" "message"
            }
            test "a folder where a file was expected, and a file that is not there" {
                withSeries (fun folder dwi ->
                    let inner = Directory.CreateDirectory(Path.Combine(folder, "inner")).FullName
                    refuses ExitCode.Data [ inner; "is a folder"; ".nii" ] (fit folder inner [])
                    let gone = Path.Combine(folder, "gone.nii.gz")
                    refuses ExitCode.Data [ gone; "does not exist"; "Check the path" ] (fit folder gone [])

                    refuses
                        ExitCode.Data
                        [ inner; "is a folder" ]
                        (fit folder dwi [ "--bval"; inner; "--bvec"; Path.Combine(folder, "sub-01_dwi.bvec") ])

                    refuses ExitCode.Data [ "gone.safetensors"; "does not exist" ] [
                        "import"
                        Path.Combine(folder, "gone.safetensors")
                        "--out"
                        Path.Combine(folder, "out.safetensors")
                    ])
            }
            test "a command without what it needs, in one line that names it" {
                let rec leaves (node: CommandTree.Node) =
                    if node.Commands.IsEmpty then
                        [ List.tail node.Words ]
                    else
                        List.collect leaves node.Commands

                let needless = [ "demo"; "networks"; "doctor" ]

                for words in leaves (CommandTree.ofParser [ "iqt" ] (Command.parser ())) do
                    if not (List.contains words.Head needless) then
                        let line = String.concat " " words
                        refuses ExitCode.Usage [ $"See iqt {line} --help." ] words
                        Expect.isFalse ((iqt words).Error.Contains "--help  ") $"no list of options after iqt {line}"

                // Said before anything is read, let alone computed.
                for words, option in
                    [
                        [ "fit"; "gone.nii.gz" ], "--out <"
                        [ "downsample"; "gone.nii.gz" ], "--out <"
                        [ "prepare"; "gone" ], "--out <DIR>: folder of the prepared data set."
                        [ "train"; "espcn"; "--out"; "gone" ], "--data <DIR>: a data set that iqt prepare wrote."
                        [ "predict"; "gone"; "gone.nii.gz" ], "--out <"
                        [ "evaluate"; "gone" ], "--data <"
                        [ "export"; "gone" ], "--out <"
                        [ "import"; "gone" ], "--out <"
                    ] do
                    refuses ExitCode.Usage [ $"missing option {option}"; $". See iqt {words.Head} --help." ] words

                refuses ExitCode.Usage [ "bench"; "See iqt bench --help." ] [ "bench" ]
            }
            test "an empty mask" {
                withSeries (fun folder dwi ->
                    let mask = Path.Combine(folder, "mask.nii.gz")
                    MaskFile.Write(mask, Mask(grid, Array.zeroCreate grid.Size.Voxels))
                    refuses ExitCode.Data [ "mask.nii.gz"; "empty" ] (fit folder dwi [ "--mask"; mask ]))
            }
        ]
    ]
