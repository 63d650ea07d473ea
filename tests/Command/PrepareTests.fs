/// <c>iqt prepare</c> on the command line: what it says of subjects that are left out, kept, or out of the ordinary.
module Iqt.Tests.Command.PrepareTests

open System.IO
open Expecto
open Iqt.Cli
open Iqt.Diffusion.Phantom
open Iqt.Tests
open Iqt.Tests.Command.CommandLine
open Iqt.Tests.Training.PreparationSubjects

[<Tests>]
let tests =
    testList "command/prepare" [
        test "a broken subject is left out only when asked to, and the loss is told" {
            TestData.inTemporaryFolder (fun folder ->
                let table = Path.Combine(folder, "t.tsv")
                let bad = Path.Combine(folder, "bad.bval")
                File.WriteAllText(bad, "0 1000\n")
                let bval = Path.ChangeExtension(Phantoms.dwi().Replace(".gz", ""), ".bval")
                let rows = [ $"a\t{Phantoms.dwi ()}\t{bval}"; $"b\t{Phantoms.dwi ()}\t{bad}" ]
                File.WriteAllLines(table, "subject\tdwi\tbval" :: rows)

                let prepare more =
                    [ "prepare"; table; "--out"; Path.Combine(folder, "out"); "--patches"; "20" ]
                    @ more

                let refused = iqt (prepare [])
                // Whether a was finished when b failed depends on the machine.
                let out = Path.Combine(folder, "out")

                if Directory.Exists out then
                    Directory.Delete(out, true)

                Expect.equal refused.Code ExitCode.Data "ends"
                Expect.stringContains refused.Error "subject b" "named"
                Expect.stringContains refused.Error "--keep-going" "what else can be done"
                let kept = succeeds (prepare [ "--keep-going"; "--json" ])
                let bvec = Path.ChangeExtension(bval, ".bvec")
                Expect.stringContains kept.Error $"Left out b: {bvec}" "said, its name once"
                Expect.stringContains kept.Error "Prepared 1 of 2 now; 1 left out: b." "the sum of it"
                let again = succeeds (prepare [ "--keep-going" ])
                Expect.stringContains again.Error "Prepared 0 of 2 now; 1 left out: b; there already: 1." "again"
                Expect.stringContains kept.Error "at once within 2.0 GB" "bound"
                Expect.equal ((json kept).GetProperty("failed").GetArrayLength()) 1 "one"
                Expect.equal ((json kept).GetProperty("subjects").GetArrayLength()) 1 "the other")
        }

        test "a subject whose files changed since is named and kept with --keep-going" {
            TestData.inTemporaryFolder (fun folder ->
                let files = [ for name in [ "a"; "b"; "c" ] -> write folder name ]
                let table = Path.Combine(folder, "t.tsv")

                let masked =
                    "subject\tdwi\tmask"
                    :: [ for one in files -> $"{one.Name}\t{one.Dwi}\t{one.Mask}" ]

                File.WriteAllLines(table, masked)
                let out = Path.Combine(folder, "out")

                let prepare more =
                    [ "prepare"; table; "--out"; out; "--patches"; "20"; "--json" ] @ more

                let stale outcome = [
                    for entry in (json outcome).GetProperty("stale").EnumerateArray() ->
                        entry.GetProperty("subject").GetString(), entry.GetProperty("reason").GetString()
                ]

                Expect.isEmpty (stale (succeeds (prepare []))) "nothing is"
                let directions = files[1].Gradients.Directions
                File.AppendAllText(directions, "\n")
                refuses ExitCode.Data [ "b was prepared before"; directions ] (prepare [])
                let kept = succeeds (prepare [ "--keep-going" ])

                Expect.stringContains
                    kept.Error
                    $"""Kept b as it was prepared before {directions} was changed. Remove {Path.Combine(out, "b")} to prepare it anew."""
                    "said"

                Expect.equal (stale kept) [ "b", $"before {directions} was changed" ] "for machines"
                Expect.equal ((json kept).GetProperty("subjects").GetArrayLength()) 3 "it stays"
                let description = Path.Combine(out, "c", "subject.json")

                for damaged in [ "{"; "{}" ] do
                    File.WriteAllText(description, damaged)
                    refuses ExitCode.Data [ description ] (prepare [ "--keep-going" ]))
        }

        test "other settings are told apart from what was never asked for" {
            TestData.inTemporaryFolder (fun folder ->
                let files = write folder "a"
                let table = Path.Combine(folder, "t.tsv")
                File.WriteAllLines(table, [ "subject\tdwi\tmask"; $"a\t{files.Dwi}\t{files.Mask}" ])
                let prepare = [ "prepare"; table; "--out"; Path.Combine(folder, "out") ]
                succeeds (prepare @ [ "--patches"; "20" ]) |> ignore

                refuses
                    ExitCode.Data
                    [ "prepared with patches 20"; "2250 (the default)"; "Ask for patches 20 again" ]
                    prepare)
        }

        test "says what was out of the ordinary" {
            TestData.inTemporaryFolder (fun folder ->
                let noisy = Path.Combine(folder, "noisy")
                Simulation.Write(SimulationSettings(1, PhantomScale.Tiny, 3UL, Snr = 4.0), noisy)
                let table = Path.Combine(folder, "t.tsv")
                File.WriteAllLines(table, [ "subject\tdwi"; "a\tnoisy/sub-01/dwi/sub-01_dwi.nii.gz" ])
                let out = Path.Combine(folder, "out")
                let run = succeeds [ "prepare"; table; "--out"; out; "--patches"; "20"; "--json" ]

                use description =
                    System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(out, "a", "subject.json")))

                let figure (name: string) =
                    description.RootElement.GetProperty(name).GetInt64()

                Expect.stringContains run.Error "b=0 volumes: 1 of 1" "mask"
                Expect.stringContains run.Error (Path.Combine(out, "a", "hr_mask.nii.gz")) "where to look"
                let indefinite = figure "nonPositiveDefinite"
                Expect.isGreaterThan indefinite 0L "noise makes some"
                let voxels = figure "brainVoxels"
                Expect.stringContains run.Error $"{indefinite} of {voxels} voxels" "tensors"
                Expect.equal ((json run).GetProperty("nonPositiveDefinite").GetInt64()) indefinite "for machines"
                Expect.equal ((json run).GetProperty("computedMasks").GetInt32()) 1 "masks"
                let again = succeeds [ "prepare"; table; "--out"; out; "--patches"; "20"; "--json" ]
                Expect.equal ((json again).GetProperty("computedMasks").GetInt32()) 1 "of all that is there"

                Expect.equal
                    ((json again).GetProperty("nonPositiveDefinite").GetInt64())
                    indefinite
                    "of the same subjects"

                Expect.equal ((json again).GetProperty("prepared").GetInt32()) 0 "now"
                Expect.isFalse (again.Error.Contains "b=0 volumes") "nothing was prepared")
        }
    ]
