/// What functions of one number compute, held against their formulas in float64. Whatever compares a network with itself (one mode
/// with another, generated code with one graph) would be content with any function.
module Iqt.Tests.Generators.KindFormulaTests

open System
open Expecto
open TorchSharp
open Iqt.Generators.CodeFixes
open Iqt.Generators.Vocabulary
open Iqt.Reversible
open Iqt.Tests

let private sigmoid x = 1.0 / (1.0 + exp -x)

/// ∫ of the normal distribution up to x, by its power series: to twelve digits up to 4 standard deviations.
let private normal x =
    let terms =
        Seq.unfold (fun (n, term: float) -> Some(term, (n + 1, term * x * x / float (2 * n + 3)))) (0, x)

    0.5 + exp (-x * x / 2.0) / sqrt (2.0 * Math.PI) * Seq.sum (Seq.take 100 terms)

let private elu alpha x =
    if x > 0.0 then x else alpha * (exp x - 1.0)

/// Layers as they are declared, and what each makes of a number. Of a layer with settings, by default and with others.
let private formulas: (string * (float -> float)) list = [
    "Relu", max 0.0
    "LeakyRelu", (fun x -> max x (0.01 * x))
    "LeakyRelu(0.3)", (fun x -> max x (0.3 * x))
    "PRelu", (fun x -> max x (0.25 * x)) // where training begins
    "Elu", elu 1.0
    "Elu(0.5)", elu 0.5
    "Gelu", (fun x -> x * normal x)
    "Silu", (fun x -> x * sigmoid x)
    "Sigmoid", sigmoid
    "Softsign", (fun x -> x / (1.0 + abs x))
    "Mish", (fun x -> x * tanh (log (1.0 + exp x)))
]

/// What keeps the number of channels and is no function of one number alone.
let private others = [
    "BatchNorm"
    "InstanceNorm"
    "GroupNorm"
    "Softmax"
    "Dropout"
    "MaxPool"
    "AvgPool"
    "GlobalAvgPool"
    "PermuteChannels"
    "Upsample"
]

let private source layer =
    $"""
using Iqt.Reversible;

/// <summary>The layer alone.</summary>
[Network("alone", InputChannels = 1)]
public sealed partial class Alone
{{
    [{layer}]
    private partial Segment Layer {{ get; }}
}}
"""

/// From −4 to 4, none of them 0.
let private points = [| for i in 0..63 -> -4.0 + (float i + 0.5) / 8.0 |]

[<Tests>]
let tests =
    testList "generators/formulas of kinds" [
        for layer, formula in formulas do
            test $"[{layer}] is its formula" {
                let declaration =
                    Seq.exactlyOne (NetworkCatalog([ Trial.compiled (source layer) ]).Declarations)

                use network =
                    declaration.Create(readOnlyDict [], torch.CPU, torch.ScalarType.Float64)

                use line = torch.tensor points
                use input = line.reshape (1L, 1L, 4L, 4L, 4L)
                use _ = torch.no_grad ()
                use output = network.call input

                for x, found in Array.zip points (output.data<float>().ToArray()) do
                    Expect.floatClose Accuracy.high found (formula x) $"at {x}"
            }

        test "every function of one number is held here and drawn at random" {
            let held = formulas |> List.map (fun (layer, _) -> layer.Split('(')[0])

            let functions = [
                for kind in LayerKinds.All do
                    if
                        ChannelSource.KeepsChannels kind.Attribute
                        && not (List.contains kind.Attribute others)
                    then
                        kind.Attribute
            ]

            let missing known =
                functions |> List.filter (fun name -> not (Seq.contains name known))

            Expect.equal
                (missing held)
                []
                "tests/Generators/KindFormulaTests.fs holds a kind against its formula: add yours, or name it among the others"

            Expect.equal
                (missing RandomLayers.activations)
                []
                "tests/Generators/Random/RandomLayers.fs draws it: add yours"
        }
    ]
