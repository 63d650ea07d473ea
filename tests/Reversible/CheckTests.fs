/// The check of a network, on networks of every kind: in float64 all modes agree with one graph.
module Iqt.Tests.Reversible.CheckTests

open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Tests.Networks
open Iqt.Tests.Reversible.NetworkStep

let private blocks (n: int) = settings [ "Blocks", n ]

let private agrees name (declaration: NetworkDeclaration) hyperparameters =
    test $"{name}: outputs, gradients, inversion and running statistics agree with one graph, and that with differences" {
        let results = NetworkCheck(declaration, hyperparameters).Run()

        use network = declaration.Create hyperparameters

        let inverted =
            network.Segments
            |> Seq.filter (fun s -> s.Kind <> SegmentKind.Layers)
            |> Seq.length

        let learning =
            network.Segments
            |> Seq.filter (fun s ->
                match network.SegmentModule s.Name with
                | null -> false
                | layers -> not (Seq.isEmpty (layers.parameters ())))
            |> Seq.length

        let properties = if Seq.isEmpty (network.buffers ()) then 2 else 3

        Expect.equal
            results.Count
            (properties * segmentModes.Length
             + learning
             + inverted
             + (if network.IsInvertible then 1 else 0))
            "outputs, gradients and statistics, if there are any, in each mode; differences where there are parameters, one inversion for each stack and rearrangement"

        for result in results do
            Expect.isTrue
                result.Holds
                $"{result.Property} of {result.Subject}: {result.Error} against {result.Tolerance}"
    }

[<Tests>]
let checks =
    // A user's module draws from the global generator: nobody else may draw meanwhile.
    testSequenced
    <| testList "reversible/check" [
        for name, declaration, hyperparameters in
            [
                "espcn", Espcn.Declaration, settings []
                "espcn-rn, 0 blocks", EspcnRn.Declaration, blocks 0
                "espcn-rn, 1 block", EspcnRn.Declaration, blocks 1
                "espcn-rn, 4 blocks", EspcnRn.Declaration, blocks 4
                "stacks in a row and at the end", Neighbours.Declaration, settings []
                "the same, wider", Neighbours.Declaration, settings [ "Width", 6; "Edge", 1; "Blocks", 3 ]
                "a graph with skips and two outputs", GraphNetwork.Declaration, settings []
                "every other layer", Parade.Declaration, settings []
                "every rearrangement, in 2D", Invertible2d.Declaration, settings []
                "elongated espcn", ElongatedEspcn.Declaration, settings []
                "revnet", RevNet.Declaration, blocks 1
                "i-revnet", IRevNet.Declaration, settings []
                "v-net", VNet.Declaration, settings [ "Width", 4; "Width2", 6; "Width3", 8 ]
                "deep-medic", DeepMedic.Declaration, settings []
                "a group normalisation before anything else", GroupsFirst.Declaration, settings []
                "the same of one channel", GroupsOfOneFirst.Declaration, settings []
                "a slope that is all but lost in the loss", LostScale.Declaration, settings []
                "statistics of what was centred before", CentredFirst.Declaration, settings []
                "srdti", Srdti.Declaration, settings [ "Width", 8; "Blocks", 2 ]
            ] do
            agrees name declaration hyperparameters

        for mode in System.Enum.GetValues<BackpropagationMode>() do
            test $"{mode}: a group normalisation of channels-last images whose gradient nobody wants" {
                use network = GroupsFirst.Declaration.Create(settings [], dtype = torch.float64)

                use flat = torch.arange (216.0.ToScalar(), dtype = torch.float64)

                use images = flat.view(2L, 3L, 3L, 3L, 4L).permute (0L, 4L, 1L, 2L, 3L)

                let loss (output: torch.Tensor) =
                    use squares = output.square ()
                    squares.mean ()

                use mean = network.Backpropagate(images, mode, System.Func<_, _> loss)
                Expect.isTrue (System.Double.IsFinite(mean.item<float> ())) "the process goes on"

                for parameter in network.parameters () do
                    Expect.isNotNull parameter.grad "a gradient"
            }

        test "a figure that is not a number does not pass" {
            let result = CheckResult("gradients", "Reversible", nan, 1e-9)
            Expect.isFalse result.Holds "a reference of zeros gives 0/0 and proves nothing"
        }

        test "what hides its input from autograd is found by differences, though all modes agree" {
            let failed =
                NetworkCheck(DetachingNetwork.Declaration).Run()
                |> Seq.filter (fun result -> not result.Holds && result.Error > 0.0) // NaN: gradients of nothing but zeros
                |> Seq.toList

            Expect.equal [ for f in failed -> f.Property, f.Subject ] [ "finite differences", "Before" ] "what fails"
            Expect.floatClose Accuracy.medium failed.Head.Error 1.0 "the whole slope is missing"
        }

        test "what never learns for want of a gradient has the running statistics of one graph" {
            let failed =
                NetworkCheck(DetachingStatisticsNetwork.Declaration).Run()
                |> Seq.filter (fun result -> not result.Holds)
                |> Seq.map (fun result -> result.Property, result.Subject)
                |> Seq.toList

            Expect.equal failed [ "finite differences", "Before" ] "differences alone fail, and say where"
        }

        test "a gradient that does not hold names the parameter that is furthest off" {
            let recomputed =
                NetworkCheck(CountingNetwork.Declaration).Gradients()
                |> Seq.find (fun result -> result.Subject = string BackpropagationMode.Reversible)

            Expect.isFalse recomputed.Holds "run again, the module gives another result"
            Expect.stringContains (string recomputed.Where) "_scale" "which alone has another gradient"
        }

        for blocks in [ 2; 8 ] do
            test $"an inversion that does not hold says that rounding explains it, {blocks} steep blocks" {
                let steep =
                    NetworkCheck(Steep.Declaration, settings [ "Blocks", blocks ]).Inversions()
                    |> Seq.exactlyOne

                Expect.isFalse steep.Holds "functions that are not normalised make much of a rounding"
                Expect.isLessThan steep.Error steep.Rounding.Value "not more than that"
            }

        for name, declaration in
            [
                "another result each time", CountingFunctions.Declaration
                "another result after the first time", ForgetfulFunctions.Declaration
            ] do
            test $"an inversion of functions that give {name} is not explained by rounding" {
                let inversion = NetworkCheck(declaration).Inversions() |> Seq.exactlyOne
                Expect.isGreaterThan inversion.Error 1e-2 "what it was not run with"
                Expect.isLessThan inversion.Rounding.Value 1e-8 "which no rounding does"
            }

        test "running statistics that are no numbers do not pass" {
            use images =
                torch.full ([| 2L; 6L; 6L; 6L; 6L |], nan.ToScalar(), dtype = torch.float64)

            let create () : Network =
                new EspcnRn(1, torch.CPU, torch.float64)

            let results =
                RunningStatisticsCheck(create, [| images |], 1e-9, torch.float64, 1UL).Run segmentModes

            Expect.all results (fun result -> not result.Holds) "NaN beside counters that agree"
        }
    ]

[<Tests>]
let modules =
    // A user's module draws from the global generator, which other tests use as well.
    testSequenced
    <| testList "reversible/modules" [
        agrees "modules of a user's own" ModuleNetwork.Declaration (settings [])
        agrees "modules that read buffers which they change, and drop their input" Memories.Declaration (settings [])
        agrees "modules that take no type" TypelessNetwork.Declaration (settings [])

        test "a module that takes no type has the network's, and its whole numbers stay whole" {
            use network = TypelessNetwork.Declaration.Create(settings [], dtype = torch.float64)

            for parameter in network.parameters () do
                Expect.equal parameter.dtype torch.float64 "parameters"

            for buffer in network.buffers () do
                Expect.equal buffer.dtype torch.int64 "calls"
        }
    ]
