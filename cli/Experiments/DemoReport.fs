/// The demo's page: one HTML file that needs no network.
module Iqt.Experiments.DemoReport

open System
open System.IO
open System.Net

let private style =
    """body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .9rem;text-align:right;border-bottom:1px solid #d5d9de}
th:first-child,td:first-child{text-align:left}
tr.best td{font-weight:600}
.wide{overflow-x:auto}
figure{margin:1rem 0}figcaption{font-size:.9rem;color:#57606a}img{max-width:100%;height:auto;border-radius:4px}"""

let private encode (text: string) = string (WebUtility.HtmlEncode text)

let private row (best: float) (label: string, errors: ErrorSummary, training: TimeSpan) =
    let mark = if errors.Total.Mean = best then " class=\"best\"" else ""

    let time =
        if training = TimeSpan.Zero then
            "–"
        else
            $"%.0f{training.TotalSeconds} s"

    let cells =
        [ errors.Interior; errors.Exterior; errors.Total ]
        |> List.map (fun value -> $"<td>{ErrorSummary.show value}</td>")
        |> String.concat ""

    $"<tr{mark}><td>{encode label}</td>{cells}<td>{time}</td></tr>"

let private figure (path: string) =
    let data = Convert.ToBase64String(File.ReadAllBytes path)
    let subject = (string (Path.GetFileNameWithoutExtension path)).Replace("_md", "")

    $"<figure><img alt=\"Mean diffusivity of {encode subject}\" src=\"data:image/png;base64,{data}\"><figcaption>{encode subject}: mean diffusivity, one axial slice; the patient's left is on the right.</figcaption></figure>"

/// The page, for the number of training subjects, a summary for each method, and pictures that are embedded.
let page (trainingSubjects: int) (rows: (string * ErrorSummary * TimeSpan) list) (pictures: string list) =
    let best = rows |> List.map (fun (_, errors, _) -> errors.Total.Mean) |> List.min
    let body = rows |> List.map (row best) |> String.concat "\n"
    let figures = pictures |> List.map figure |> String.concat "\n"

    $"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Iqt demo</title>
<style>{style}</style>
</head>
<body>
<h1>Super-resolved diffusion tensors on {pictures.Length} unseen phantoms</h1>
<p>Networks were trained on {trainingSubjects} other phantoms. RMSE over the six tensor elements in 10⁻⁵ mm²/s,
mean ± standard deviation over subjects. Interior voxels are those whose low-resolution patch lies wholly inside
the brain, exterior voxels the others.</p>
<div class="wide"><table>
<thead><tr><th>method</th><th>interior</th><th>exterior</th><th>total</th><th>training</th></tr></thead>
<tbody>
{body}
</tbody>
</table></div>
<h2>Mean diffusivity</h2>
{figures}
</body>
</html>
"""
