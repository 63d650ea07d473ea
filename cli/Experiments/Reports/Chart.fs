/// Line charts as SVG that stands in a page by itself.
module Iqt.Experiments.Reports.Chart

open System
open System.Globalization

/// A line: its name and its points.
type Line = {
    /// Stands beside the line's colour.
    Name: string
    /// Number of its colour.
    Colour: int
    /// Number of its dashes; 0 is none.
    Dash: int
    /// x and y, and the deviation of y if it is to be drawn.
    Points: (float * float * float option) list
}

// Wong (Nature Methods 2011): tells lines apart for colour-blind readers too; dashes do in print.
let private colours = [|
    "#0072B2"
    "#D55E00"
    "#009E73"
    "#CC79A7"
    "#E69F00"
    "#56B4E9"
    "#000000"
    "#999933"
    "#882255"
|]

/// How an axis is divided.
type private Scale =
    | Linear
    | Logarithmic

let private dashes = [| ""; "6 3"; "2 3"; "8 3 2 3" |]

// About as wide as a phone, so that letters keep their size there; wider pages show several beside each other.
let private width, height = 420.0, 300.0
let private left, right, top, bottom = 56.0, 12.0, 12.0, 46.0

let private number (value: float) =
    value.ToString("0.##", CultureInfo.InvariantCulture)

/// Round values between which an axis is divided into about five.
let private evenTicks low high =
    let raw = (high - low) / 5.0
    let power = 10.0 ** floor (log10 raw)

    let step =
        [ 1.0; 2.0; 2.5; 5.0; 10.0 ]
        |> List.map ((*) power)
        |> List.find (fun step -> step >= raw * 0.999)

    [ for i in ceil (low / step - 1e-9) .. floor (high / step + 1e-9) -> i * step ]

/// 1, 2 and 5 of every power of ten between two logarithms, as logarithms.
let private powerTicks low high = [
    for power in floor low .. ceil high do
        for factor in [ 1.0; 2.0; 5.0 ] do
            let tick = power + log10 factor

            if low <= tick && tick <= high then
                tick
]

let private drawOn (scale: Scale) (xLabel: string) (yLabel: string) (wholeX: bool) (lines: Line list) : string =
    // A region without voxels (the interior of a tiny phantom) has no error.
    let lines =
        lines
        |> List.map (fun line -> {
            line with
                Points = line.Points |> List.filter (fun (_, y, _) -> Double.IsFinite y)
        })

    let place, value, ticks =
        match scale with
        | Linear -> id, id, evenTicks
        | Logarithmic -> log10, (fun place -> 10.0 ** place), powerTicks

    let points = lines |> List.collect _.Points

    if points.IsEmpty then
        "<p>Nothing to draw yet.</p>"
    else
        let xs = points |> List.map (fun (x, _, _) -> place x)

        let ys =
            points
            |> List.collect (fun (_, y, deviation) ->
                match deviation with
                | Some d when Double.IsFinite d -> [ place (y - d); place (y + d) ]
                // A single subject has no deviation.
                | _ -> [ place y ])

        let pad low high =
            if high > low then
                low - 0.06 * (high - low), high + 0.06 * (high - low)
            else
                low - 1.0, high + 1.0

        let x0, x1 = pad (List.min xs) (List.max xs)
        let y0, y1 = pad (List.min ys) (List.max ys)

        let atX place =
            left + (place - x0) / (x1 - x0) * (width - left - right)

        let atY place =
            height - bottom - (place - y0) / (y1 - y0) * (height - top - bottom)

        let x, y = place >> atX, place >> atY
        let text = Page.text

        let xTicks =
            if wholeX then
                List.distinct xs |> List.sort
            else
                ticks x0 x1

        [
            $"<svg viewBox=\"0 0 {number width} {number (height + 22.0 * ceil (float lines.Length / 2.0))}\" role=\"img\" aria-label=\"{text yLabel} against {text xLabel}\">"

            for tick in ticks y0 y1 do
                $"<line class=\"grid\" x1=\"{number left}\" x2=\"{number (width - right)}\" y1=\"{number (atY tick)}\" y2=\"{number (atY tick)}\"/>"
                $"<text x=\"{number (left - 6.0)}\" y=\"{number (atY tick + 4.0)}\" text-anchor=\"end\">{number (value tick)}</text>"

            for tick in xTicks do
                $"<line class=\"axis\" x1=\"{number (atX tick)}\" x2=\"{number (atX tick)}\" y1=\"{number (height - bottom)}\" y2=\"{number (height - bottom + 5.0)}\"/>"
                $"<text x=\"{number (atX tick)}\" y=\"{number (height - bottom + 19.0)}\" text-anchor=\"middle\">{number (value tick)}</text>"

            $"<line class=\"axis\" x1=\"{number left}\" x2=\"{number (width - right)}\" y1=\"{number (height - bottom)}\" y2=\"{number (height - bottom)}\"/>"
            $"<text x=\"{number ((left + width - right) / 2.0)}\" y=\"{number (height - 8.0)}\" text-anchor=\"middle\">{text xLabel}</text>"
            $"<text transform=\"translate(14 {number ((top + height - bottom) / 2.0)}) rotate(-90)\" text-anchor=\"middle\">{text yLabel}</text>"

            for i, line in List.indexed lines do
                let colour = colours[line.Colour % colours.Length]
                let dash = dashes[line.Dash % dashes.Length]

                let path =
                    line.Points
                    |> List.map (fun (px, py, _) -> $"{number (x px)},{number (y py)}")
                    |> String.concat " "

                $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\" points=\"{path}\"/>"

                for px, py, deviation in line.Points do
                    if line.Points.Length < 10 then
                        $"<circle cx=\"{number (x px)}\" cy=\"{number (y py)}\" r=\"3.5\" fill=\"{colour}\"/>"

                    match deviation with
                    | Some d when Double.IsFinite d ->
                        $"<line stroke=\"{colour}\" x1=\"{number (x px)}\" x2=\"{number (x px)}\" y1=\"{number (y (py - d))}\" y2=\"{number (y (py + d))}\"/>"
                    | _ -> ()

                let legendX = left + float (i % 2) * 184.0
                let legendY = height + 6.0 + 22.0 * float (i / 2)
                $"<line stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\" x1=\"{number legendX}\" x2=\"{number (legendX + 26.0)}\" y1=\"{number legendY}\" y2=\"{number legendY}\"/>"
                $"<text x=\"{number (legendX + 32.0)}\" y=\"{number (legendY + 4.0)}\">{text line.Name}</text>"

            "</svg>"
        ]
        |> String.concat "\n"

/// Draws lines over common axes. <c>wholeX</c> marks x only where points are.
let draw (xLabel: string) (yLabel: string) (wholeX: bool) (lines: Line list) : string =
    drawOn Linear xLabel yLabel wholeX lines

/// Draws lines over logarithmic axes, x marked only where points are; for values that differ by powers of ten.
let drawLogarithmic (xLabel: string) (yLabel: string) (lines: Line list) : string =
    drawOn Logarithmic xLabel yLabel true lines

/// A chart as a file of its own: what the page's style gives it otherwise, and a white ground for dark readers.
let file (chart: string) : string =
    let head = "<svg xmlns=\"http://www.w3.org/2000/svg\" style=\"background: #ffffff\""

    String.concat "\n" [
        head
        + chart.Substring(chart.IndexOf("<svg", StringComparison.Ordinal) + "<svg".Length).Split('\n')[0]
        "<style>text { font: 13px system-ui, sans-serif; fill: #1a1a1a; } .grid { stroke: #e4e4e4; } .axis { stroke: #444; }</style>"
        yield! chart.Split '\n' |> Seq.skip 1
        ""
    ]
