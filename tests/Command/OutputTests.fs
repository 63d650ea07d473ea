module Iqt.Tests.Command.OutputTests

open Expecto
open Iqt.Cli.Commands
open Iqt.Reversible
open Iqt.Tests.Command.CommandLine

[<Tests>]
let tests =
    testList "command" [
        testList "output" [
            test "networks --json is one document with the declared networks" {
                let names = [
                    for network in (json (succeeds [ "networks"; "--json" ])).EnumerateArray() do
                        network.GetProperty("name").GetString()
                ]

                Expect.contains names "espcn" "plain network"
                Expect.contains names "espcn-rn" "reversible network"
            }
            test "describe --json has the published number of parameters of RN4" {
                let document =
                    json (succeeds [ "describe"; "espcn-rn"; "--set"; "Blocks=4"; "--json" ])

                Expect.equal (document.GetProperty("parameters").GetInt64()) 875602L "parameters"
                Expect.equal (document.GetProperty("upsamplingRate").GetInt32()) 2 "upsampling rate"

                let last = document.GetProperty("segments").EnumerateArray() |> Seq.last
                Expect.equal (last.GetProperty("output").GetProperty("size").GetInt32()) 14 "11³ gives 14³"
            }
            test "describe predicts the memory of inputs of different sizes, bench says that it takes none" {
                let document = json (succeeds [ "describe"; "deep-medic"; "--json" ])
                Expect.isGreaterThan (document.GetProperty("parameters").GetInt64()) 0L "parameters"
                let text = (succeeds [ "describe"; "deep-medic" ]).Out
                Expect.stringContains text "predicted peak of a step" "memory"

                refuses 2 [ "deep-medic takes no inputs of one size"; "iqt describe" ] [
                    "bench"
                    "speed"
                    "deep-medic"
                ]
            }
            test "describe --format mermaid is a flow chart of every segment" {
                let chart = (succeeds [ "describe"; "espcn"; "--format"; "mermaid" ]).Out
                Expect.stringStarts chart "flowchart TD" "kind of chart"

                for segment in [ "Layer1"; "Layer2"; "Layer3"; "Output" ] do
                    Expect.stringContains chart $"| {segment}" "an arrow to the segment"
            }
            test "check --depths explains the rows that have no verdict" {
                let lines = (succeeds [ "check"; "espcn-rn"; "--depths"; "1" ]).Out.Split '\n'

                Expect.exists lines (fun line -> line.Contains "for comparison") "a row without a verdict"
                Expect.exists lines _.StartsWith("Rows for comparison have no verdict") "what it means"
            }
            test "a check that failed says what it may be" {
                let result property subject error =
                    CheckResult(property, subject, error, 1e-9)

                let inverted subject error explained =
                    CheckResult("inversion", subject, error, 1e-9, Rounding = System.Nullable explained)

                let words results =
                    CheckAdvice.words
                        TorchSharp.torch.float64
                        results
                        (results |> List.filter (fun result -> not result.Holds))

                let gradients mode error =
                    result "gradients" (string (mode: BackpropagationMode)) error

                let drifting = [
                    gradients BackpropagationMode.Stored 1e-15
                    gradients BackpropagationMode.Reversible 1e-7
                    inverted "Coarse" 1e-2 1e-1
                ]

                Expect.stringContains (words drifting) "Coarse can't be inverted to that depth" "rounding"

                let wrong = words [ inverted "Fine" 1e-2 1e-1; inverted "Coarse" 1e-2 1e-3 ]
                Expect.stringContains wrong "don't compute the same" "of one of both rounding is no explanation"

                let broken = words (gradients BackpropagationMode.Checkpointed 1e-2 :: drifting)

                Expect.stringContains broken "the modes don't compute the same" "a fault of what is run again"

                let depth blocks error explained =
                    inverted $"Coarse, {blocks} blocks" error explained

                Expect.stringContains
                    (words [ depth 2 1e-15 0.0; depth 32 1e-2 1e-1 ])
                    "Coarse can't be inverted"
                    "of the deeper one"

                Expect.stringContains
                    (words [ depth 2 1e-2 1e-9; depth 32 1e-2 1e-1 ])
                    "don't compute the same"
                    "of the shallow one, where there is not much to round"

                Expect.stringContains
                    (words [
                        result "finite differences" "Stem" 1.0
                        result "finite differences" "Head" 1.0
                    ])
                    "wrong from Head backwards"
                    "autograd"

                Expect.stringContains (words [ result "output" "Stored" nan ]) "no number" "a root of what is negative"

                let cut = gradients BackpropagationMode.Stored nan
                Expect.stringContains (words [ cut ]) "the gradients of Stored are zero" "nothing but zeros"

                Expect.stringContains
                    (words [ cut; result "finite differences" "Stem" 1.0 ])
                    "wrong from Stem backwards"
                    "differences say where"
            }
            test "check holds in float64 and says each figure" {
                let document =
                    json (succeeds [ "check"; "espcn-rn"; "--set"; "Blocks=1"; "--json" ])

                Expect.isTrue (document.GetProperty("holds").GetBoolean()) "verdict"

                let properties = [
                    for check in document.GetProperty("checks").EnumerateArray() do
                        check.GetProperty("property").GetString()
                ]

                for property in [ "gradients"; "finite differences"; "inversion"; "running statistics" ] do
                    Expect.contains properties property "a figure of it"
            }
        ]
    ]
