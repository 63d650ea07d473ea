/// The picture and the tables of memory against depth are those of the measurement that lies beside them.
module Iqt.Tests.Documentation.MemoryPictureTests

open System
open System.IO
open Expecto
open Iqt.Experiments.Reports
open Iqt.Tests.Documentation.MarkdownPage

let private docs =
    Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, "..", "..", "docs"))

let private measured =
    lazy (MemoryChart.read (Path.Combine(docs, "pictures", "memory.json")))

let private again =
    "draw it again: dotnet fsi cli/scripts/memory.fsx docs/pictures/memory.json docs/pictures/memory.svg"

[<Tests>]
let tests =
    testList "documentation/memory picture" [
        test "is drawn of the measurement" {
            let picture = File.ReadAllText(Path.Combine(docs, "pictures", "memory.svg"))
            Expect.equal picture (MemoryChart.draw measured.Value) again

            for way in measured.Value do
                Expect.equal (way.Depths |> List.map _.Blocks) [ 1; 4; 16; 64 ] $"depths of {way.Name}"
        }

        test "stands beside the same figures" {
            let page = read (Path.Combine(docs, "benchmarks.md"))

            for row in MemoryChart.rows measured.Value @ MemoryChart.rows MemoryChart.peers do
                Expect.contains page.Prose row "a row of benchmarks.md"
        }

        test "is read by what a measurement holds" {
            Iqt.Tests.TestData.inTemporaryFolder (fun folder ->
                let path = Path.Combine(folder, "memory.json")

                let cell mode update budget peak =
                    $$$"""{"settings":{"Blocks":4},"mode":"{{{mode}}}","update":"{{{update}}}","budget":{{{budget}}},"bytes":{"parameters":1,"peak":{{{peak}}},"residentPeak":null,"process":null}}"""

                let cells = [
                    cell "reversible" "behind" "null" 24_100_000
                    cell "reversible" "behind" "60000000" 59_000_000
                    cell "stored" "fused" "null" 1
                ]

                File.WriteAllText(path, $$$"""{"cells":[{{{String.concat "," cells}}}]}""")

                Expect.equal
                    (MemoryChart.read path |> MemoryChart.rows)
                    [ "| 4 | – | – | – | 24.1 | – |" ]
                    "no budget, no way that is not shown")
        }
    ]
