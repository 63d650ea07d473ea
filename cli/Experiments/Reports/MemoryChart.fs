/// A step's peak memory against depth, measured by <c>iqt bench memory</c>, beside other programs.
module Iqt.Experiments.Reports.MemoryChart

open System
open System.IO
open System.Text.Json

/// What a step took at a depth, in MB: its peak, and all of its process where that is known.
type Depth = {
    Blocks: int
    Peak: float
    Process: float option
}

/// A way of taking steps.
type Way = { Name: string; Depths: Depth list }

let private peer name peaks = {
    Name = name
    Depths =
        peaks
        |> List.map (fun (blocks, peak) -> {
            Blocks = blocks
            Peak = peak
            Process = None
        })
}

/// Other programs: PyTorch 1.13 on another machine, the same step.
let peers: Way list = [
    peer "authors' code" [ 4, 45.4; 16, 54.4; 64, 90.5 ]
    peer "MemCNN" [ 4, 52.3; 16, 59.6; 64, 88.7 ]
    peer "RevTorch" [ 4, 40.8; 16, 47.9; 64, 76.4 ]
    peer "checkpoint per block" [ 4, 61.7; 16, 130.6; 64, 406.2 ]
]

// Mode and update of the ways that are shown; the update within the pass matters where stacks are reversed.
let private shown = [
    "single graph", ("single-graph", "behind")
    "stored", ("stored", "behind")
    "checkpointed", ("checkpointed", "behind")
    "reversible, behind", ("reversible", "behind")
    "reversible, fused", ("reversible", "fused")
]

/// What <c>iqt bench memory NET --set Blocks=… --json</c> wrote.
let read (path: string) : Way list =
    use document = JsonDocument.Parse(File.ReadAllText path)

    let cells = [
        for cell in document.RootElement.GetProperty("cells").EnumerateArray() do
            if cell.GetProperty("budget").ValueKind = JsonValueKind.Null then
                let text (name: string) =
                    string (cell.GetProperty(name).GetString())

                let bytes = cell.GetProperty "bytes"
                let whole = bytes.GetProperty "process"

                (text "mode", text "update"),
                {
                    Blocks = cell.GetProperty("settings").GetProperty("Blocks").GetInt32()
                    Peak = float (bytes.GetProperty("peak").GetInt64()) / 1e6
                    Process =
                        if whole.ValueKind = JsonValueKind.Null then
                            None
                        else
                            Some(float (whole.GetInt64()) / 1e6)
                }
    ]

    [
        for name, way in shown do
            {
                Name = name
                Depths = cells |> List.filter (fst >> (=) way) |> List.map snd
            }
    ]

let private line (index: int) (way: Way) : Chart.Line = {
    Name = way.Name
    Colour = index
    Dash = index
    Points = way.Depths |> List.map (fun depth -> float depth.Blocks, depth.Peak, None)
}

/// The chart as an SVG file.
let draw (measured: Way list) : string =
    List.mapi line (measured @ peers)
    |> Chart.drawLogarithmic "RevNet blocks a stack" "peak of a training step, MB"
    |> Chart.file

let private megabytes (value: float) =
    value.ToString("F1", Globalization.CultureInfo.InvariantCulture)

/// Rows of a Markdown table, one for each depth; the first way's process and the last one's at the end, where both are known.
let rows (ways: Way list) : string list = [
    let at blocks (way: Way) =
        way.Depths |> List.tryFind (fun depth -> depth.Blocks = blocks)

    for blocks in ways |> List.collect _.Depths |> List.map _.Blocks |> List.distinct do
        let cells = [
            string blocks

            for way in ways do
                match at blocks way with
                | Some depth -> megabytes depth.Peak
                | None -> "–"

            match (at blocks (List.head ways)), (at blocks (List.last ways)) with
            | Some { Process = Some first }, Some { Process = Some last } -> $"{megabytes first} → {megabytes last}"
            | _ -> ()
        ]

        $"""| {String.concat " | " cells} |"""
]
