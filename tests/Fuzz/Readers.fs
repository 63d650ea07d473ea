/// The readers of what users name: files of other programs, and Iqt's own that somebody may have changed.
module Iqt.Tests.Fuzz.Readers

open System
open System.IO
open System.Text
open Microsoft.CodeAnalysis
open Iqt.Cli
open Iqt.Diffusion
open Iqt.Experiments
open Iqt.Experiments.Statistics
open Iqt.Experiments.Studies
open Iqt.Reversible
open Iqt.Training
open Iqt.Tests
open Iqt.Tests.Training

let private made (write: string -> unit) =
    TestData.inTemporaryFolder (fun folder ->
        let path = Path.Combine(folder, "file")
        write path
        File.ReadAllBytes path)

let private utf8 (text: string) = Encoding.UTF8.GetBytes text

let private textReader name originals read = {
    Name = name
    Furnish = ignore
    Originals = Array.ofList originals
    Damage = Damage.any Damage.text
    Read = read
    // A character is two bytes, a number or a field of a line an object.
    Plausible = fun damaged -> 300L * int64 damaged.Length + (4L <<< 20)
}

/// bval and bvec, read together.
let gradients =
    lazy
        (textReader
            "gradients"
            [
                "x.bval", utf8 "0 1000 995 1005 2000\n"
                "x.bvec", utf8 "0 1 0 0 0.7071\n0 0 1 0 0.7071\n0 0 0 1 0\n"
                "x.bvec", utf8 "NaN NaN NaN\n1 0 0\n0 1 0\n0 0 1\n0.7071\t0.7071,0\n"
            ]
            (fun folder ->
                let at name = Path.Combine(folder, name)
                let table = GradientFiles(at "x.bval", at "x.bvec").Read()
                table.Count |> ignore))

/// A table of paths.
let paths =
    lazy
        {
            textReader
                "table of paths"
                [
                    "t.tsv", utf8 "subject\tdwi\tbval\tbvec\tmask\na\tx.nii\tx.bval\tx.bvec\tn/a\n"
                ]
                (fun folder -> Dataset.Find(Path.Combine(folder, "t.tsv")) |> ignore) with
                Furnish =
                    fun folder ->
                        for name in [ "x.nii"; "x.bval"; "x.bvec" ] do
                            File.WriteAllText(Path.Combine(folder, name), "")
        }

/// Errors by subject, as iqt stats reads them.
let figures =
    lazy
        (textReader
            "figures"
            [
                "a.csv", utf8 "subject,interior,total\nsub-01,20.5,31\nsub-02,,1e-3\nsub-03,4,5\n"
            ]
            (fun folder -> SubjectTable.Read(Path.Combine(folder, "a.csv")) |> ignore))

// A run as iqt train leaves it.
let private trained =
    lazy
        (let folder = Directory.CreateTempSubdirectory("iqt-fuzz-run-").FullName
         AppDomain.CurrentDomain.ProcessExit.Add(fun _ -> Directory.Delete(folder, true))
         let run = Path.Combine(folder, "run")

         let settings =
             TrainingSettings.Default
                 .With("network", "espcn")
                 .With("epochs", 1)
                 .With("threads", 1)
                 .With("patchesPerSubject", 2)

         PhantomRun.start run settings |> ignore
         run)

/// The text files of a run: settings, subjects, versions.
let run =
    lazy
        (let source = trained.Value

         textReader
             "run"
             [
                 for name in [ "settings.json"; "subjects.tsv"; "versions.json" ] ->
                     name, File.ReadAllBytes(Path.Combine(source, name))
             ]
             (fun folder ->
                 let run = RunDirectory.Open folder
                 run.ReadVersions() |> ignore
                 run.Settings.Check()))

/// The text files of a prepared data set, and the subjects that they name.
let prepared =
    lazy
        (let source = PhantomDataset.folder ()

         let texts = [
             for name in [ "dataset.json"; "sub-01/patches.tsv"; "sub-01/hr_tensor.json" ] ->
                 name, File.ReadAllBytes(Path.Combine(source, name))
         ]

         {
             textReader "prepared data" texts (fun folder ->
                 let dataset = PreparedDataset.Open folder
                 dataset.Subjects[0].Load() |> ignore) with
                 Furnish = TestData.copyFolder source
                 // Its images are not damaged; they are read whole.
                 Plausible = fun damaged -> 300L * int64 damaged.Length + (256L <<< 20)
         })

/// A study's description.
let study =
    lazy
        (let study: Study =
            StudyBuilder.study "fuzz" {
                title "Fuzz"
                phantoms 7 Phantom.PhantomScale.Tiny 1UL
                patches 40
                testSubjects 2
                subjects 3
                subjectsWith 5 20
                network "espcn" "espcn" []
                networkWith "rn1" "espcn-rn" [ ("Blocks", 1) ] [ ("learningRate", box 3e-4) ]
                seeds 2
                setting "epochs" 2
                measure 2 [ "espcn", BackpropagationMode.SingleGraph ]
            }

         textReader "study" [ "study.json", utf8 (StudyFile.format study) ] (fun folder ->
             let opened = StudyFolder.Open folder

             for unit in StudyUnit.all opened.Study do
                 let place = Path.GetFullPath(opened.Unit unit)

                 if not (place.StartsWith(Path.Combine(folder, "units") + "/", StringComparison.Ordinal)) then
                     failwithf "unit %s lies outside of the study: %s" (StudyUnit.name unit) place))

/// A checkpoint: the container, what it says, and the weights' way into a network.
let checkpoint =
    lazy
        (let whole =
            File.ReadAllBytes(Path.Combine(trained.Value, "checkpoints", "last.safetensors"))

         let network = Fixtures.create "espcn" [] 1UL
         let header = 8 + int (BitConverter.ToUInt64(whole, 0))

         // A header whose text is damaged and whose length is said rightly, so that what is behind the length is reached.
         let damage (random: Random) (bytes: byte[]) =
             if random.Next 2 = 0 then
                 Damage.bytes header random bytes
             else
                 let text = Damage.text random bytes[8 .. header - 1]

                 Array.concat [ BitConverter.GetBytes(uint64 text.Length); text; bytes[header..] ]

         {
             Name = "checkpoint"
             Furnish = ignore
             Originals = [| "x.safetensors", whole |]
             Damage = Damage.any damage
             Read =
                 fun folder ->
                     let path = Path.Combine(folder, "x.safetensors")
                     let checkpoint = Checkpoint.Read path
                     checkpoint.Restore(network, path)
             Plausible = fun damaged -> 8L * int64 damaged.Length + (8L <<< 20)
         })

/// Assemblies that use nothing of Iqt: they are refused for that at the latest, before any of their code runs.
let plugin =
    lazy
        (let whole =
            made (fun path ->
                let result =
                    (Generators.Compiler.compilation [
                        Generators.Compiler.parse
                            "Plugin.cs"
                            "public sealed class C { public static int F(string s) => s.Length; }"
                    ])
                        .Emit
                        path

                if not result.Success then
                    failwithf "%A" result.Diagnostics)

         {
             Name = "plugin"
             Furnish = ignore
             Originals = [| "Plugin.dll", whole |]
             Damage = Damage.any (Damage.bytes Int32.MaxValue)
             Read =
                 fun folder ->
                     Plugins.catalog typeof<Iqt.Models.Espcn>.Assembly [ Path.Combine(folder, "Plugin.dll") ]
                     |> ignore
             Plausible = fun damaged -> 40L * int64 damaged.Length + (4L <<< 20)
         })

/// A tensor image's sidecar, which says how its elements are ordered.
let sidecar =
    lazy
        (let tensor = Path.Combine(PhantomDataset.folder (), "sub-01")

         let image = File.ReadAllBytes(Path.Combine(tensor, "hr_tensor.nii.gz"))

         {
             textReader "sidecar" [ "x.json", File.ReadAllBytes(Path.Combine(tensor, "hr_tensor.json")) ] (fun folder ->
                 TensorFile.Read(Path.Combine(folder, "x.nii.gz")) |> ignore) with
                 Furnish = fun folder -> File.WriteAllBytes(Path.Combine(folder, "x.nii.gz"), image)
                 Plausible = fun damaged -> 300L * int64 damaged.Length + (64L <<< 20)
         })

/// All of them.
let all: (string * Lazy<Reader>) list = [
    "NIfTI", lazy Iqt.Tests.Diffusion.NiftiFuzz.reader
    "gradients", gradients
    "table of paths", paths
    "figures", figures
    "sidecar", sidecar
    // These are made of a trained run, which nobody should wait for who asked for other tests.
    "prepared data", prepared
    "run", run
    "checkpoint", checkpoint
    "study", study
    "plugin", plugin
]
