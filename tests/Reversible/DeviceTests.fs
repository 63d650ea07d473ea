module Iqt.Tests.Reversible.DeviceTests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open Iqt.Reversible
open Iqt.Reversible.Measurement

/// Every place in core/ that makes a tensor out of nothing, and why it lands on the right device. No machine of the
/// project has a GPU: what a test can't run there, a reader has to have looked at. (Operations on tensors stay on
/// the device of their inputs.)
let private reviewed =
    Map [
        "Reversible/Checking/NetworkCheck.Gradients.cs: empty", "takes the check's device"
        "Reversible/Checking/NetworkCheck.Gradients.cs: zeros_like", "takes the parameter's device"
        "Reversible/Checking/NetworkCheck.cs: randn",
        "drawn on the CPU for the seed's sake, then moved by to(dtype, device)"
        "Reversible/Checking/RandomSigns.cs: randint",
        "drawn on the CPU for the seed's sake, then moved by to(dtype, device)"
        "Reversible/Checking/FiniteDifferenceCheck.cs: zeros_like", "takes the parameter's device"
        "Reversible/Checking/NetworkCheck.Stacks.cs: zeros_like", "takes the parameter's device"
        "Reversible/Natives/TorchNatives.cs: ones", "the probe that loads libtorch; nobody computes with it"
        "Reversible/Backpropagation/Execution.cs: randint", "one number for .NET, from the CPU's generator"
        "Reversible/Adjoints/MemoryLayout.cs: full", "takes the view's device"
        "Reversible/Adjoints/NormalizedActivation.cs: zeros_like", "takes the scale's device"
        "Reversible/Adjoints/Kernels/ChannelSums.cs: tensor", "kernels in host memory, of host memory"
        "Reversible/Adjoints/Kernels/ChannelsLastNormalization.cs: tensor", "kernels in host memory, of host memory"
        "Reversible/Adjoints/Kernels/NormalizationKernels.cs: tensor", "kernels in host memory, of host memory"
        "Reversible/Adjoints/Kernels/NormalizationKernels.cs: empty_like", "takes the input's device"
        "Reversible/Backpropagation/GradientAccess.cs: zeros_like", "takes the leaf's device"
        "Reversible/Backpropagation/SegmentPass.cs: zeros", "takes the input's device"
        "Reversible/Benchmarking/BenchmarkStep.cs: randn", "takes the benchmark's device"
        "Reversible/Benchmarking/BenchmarkStep.cs: zeros", "takes the benchmark's device"
        "Reversible/Bridge/NetworkNode.cs: zeros", "takes the input's device"
        "Reversible/Optimizers/FlatParameters.cs: tensor", "one number of a saved state, for .NET"
        "Reversible/Optimizers/FlatParameters.cs: zeros_like", "takes the parameters' device"
        "Reversible/Layers/ReplayedDropout.cs: empty", "drawn on the CPU for the seed's sake, then moved by to(device)"
        "Reversible/Layers/GlobalGenerators.cs: randint",
        "one number for .NET, from the generator of the input's device"
        "Reversible/Initialization/Initializer.cs: randn",
        "drawn on the CPU for the seed's sake, then copied into the parameter"
        "Training/Checkpoints/TensorEntry.cs: empty", "bytes of a file, then copied into the tensor they are of"
        "Reversible/Networks/Elongation.cs: randn", "drawn on the CPU, then moved to the parameters' device"
        "Training/Trainer/SquaredError.cs: ones_like", "takes the errors' device"
        "Training/Devices/HostTensor.cs: empty", "the staging copy of .NET's numbers, then moved by to(dtype, device)"
    ]

let private construction =
    Regex
        @"(?<![\w.])(?:torch\.)?(zeros|ones|full|empty|rand|randn|randint|tensor|as_tensor|from_array|frombuffer|arange|linspace|eye|zeros_like|ones_like|empty_like|rand_like|randn_like|full_like)\("

let private constructions () =
    let core = Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, "..", "..", "core"))

    [
        for file in Directory.EnumerateFiles(core, "*.cs", SearchOption.AllDirectories) do
            let relative = Path.GetRelativePath(core, file).Replace('\\', '/')

            if not (relative.Contains "/obj/" || relative.Contains "/bin/") then
                for line in File.ReadLines file do
                    if not (line.TrimStart().StartsWith "//") then
                        for found in construction.Matches line do
                            $"{relative}: {found.Groups[1].Value}"
    ]

[<Tests>]
let tests =
    testList "reversible/devices" [
        test "every construction of a tensor was looked at" {
            let found, known = set (constructions ()), set reviewed.Keys

            let faults = [
                for what, lines in
                    [
                        $"not looked at yet, add each with the device that it lands on to {__SOURCE_FILE__}",
                        found - known
                        "no longer there, take them out", known - found
                    ] do
                    if not lines.IsEmpty then
                        $"""{what}: {String.concat "; " lines}"""
            ]

            if not faults.IsEmpty then
                failtest (String.concat "\n" faults)
        }

        test "cpu is always there" { Expect.equal ((Devices.Parse "cpu").``type``) TorchSharp.DeviceType.CPU "device" }

        for name in [ "gpu"; "cuda:x"; "cuda:-1"; "cuda:0:1"; "" ] do
            test $"'{name}' is no device" {
                Expect.throwsC (fun () -> Devices.Parse name |> ignore) (fun e ->
                    Expect.isTrue (e :? ArgumentException) "a usage error"
                    Expect.stringContains e.Message "Use cpu, cuda or cuda:N" "the remedy")
            }

        test "a GPU that is not there is one clear message" {
            if TorchSharp.torch.cuda.is_available () then
                skiptest "this machine has a GPU"

            Expect.throwsC (fun () -> Devices.Parse "cuda" |> ignore) (fun e ->
                Expect.stringContains e.Message "IQT_LIBTORCH" "the way to a GPU"
                Expect.isTrue (e :? DeviceUnavailableException) "not a usage error"
                Expect.stringContains e.Message "Use --device cpu" "the remedy"
                Expect.isFalse (e.Message.Contains '\n') "one line")
        }

        for name, declaration in
            [
                "modules of a user's own", Iqt.Tests.Networks.Memories.Declaration
                "dropout", Iqt.Tests.Networks.Knot.Declaration
            ] do
            test $"on a GPU random numbers are replayed: {name}" {
                if not (TorchSharp.torch.cuda.is_available ()) then
                    skiptest "this machine has no GPU"

                let check = NetworkCheck(declaration, device = Devices.Parse "cuda")

                for result in Seq.append (check.Outputs()) (check.Gradients()) do
                    Expect.isTrue result.Holds $"{result.Property} of {result.Subject}: {result.Error}"
            }

        test "memory of a GPU without a driver is one clear message" {
            let driver, handle =
                System.Runtime.InteropServices.NativeLibrary.TryLoad "libcuda.so.1"

            if driver then
                System.Runtime.InteropServices.NativeLibrary.Free handle
                skiptest "this machine has NVIDIA's driver"

            Expect.throwsC (fun () -> DeviceMemory 0 |> ignore) (fun e ->
                Expect.isTrue (e :? PlatformNotSupportedException) "it can't be measured"
                Expect.stringContains e.Message "no CUDA driver (libcuda.so.1)" "what is missing"
                Expect.stringContains e.Message "Measure on the CPU" "the remedy")
        }
    ]
