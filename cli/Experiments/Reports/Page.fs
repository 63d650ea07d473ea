/// The parts of a page that needs nothing but itself: style, tables, pictures.
module Iqt.Experiments.Reports.Page

open System
open System.IO

/// Text as HTML. The page is UTF-8: only what has a meaning in HTML is escaped.
let text (value: string) =
    value.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;")

let private style =
    "
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; max-width: 78rem; margin: 0 auto; padding: 1rem; }
h1 { line-height: 1.2; } h2 { margin-top: 2.2em; border-bottom: 1px solid #bbb; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .84rem; }
th, td { padding: .3em .36em; text-align: right; border-bottom: 1px solid #ddd; white-space: nowrap; }
figure { margin: 1rem 0; }
th:first-child, td:first-child { text-align: left; position: sticky; left: 0; background: #fff; background-clip: padding-box; }
tr.best td { font-weight: 600; }
img, svg { max-width: 100%; height: auto; }
svg text { font: 13px system-ui, sans-serif; fill: #1a1a1a; }
svg { display: block; width: 100%; max-width: 34rem; }
svg .grid { stroke: #e4e4e4; } svg .axis { stroke: #444; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1rem; }
details pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .8rem; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 9.5rem), 1fr)); gap: .5rem; }
.panels img { width: 100%; }
dt { margin-top: .8em; } dd { margin-left: 1.2em; overflow-wrap: anywhere; }
.note { color: #444; }
@media screen and (max-width: 40rem) { body { padding: .6rem; } ul { padding-left: 1.2em; } th, td { padding: .25em .5em; } .wide img { max-width: none; height: 15rem; } }
@media print { body { max-width: none; font-size: 10pt; } h2, h3, .note { break-after: avoid; } table, svg, img, figure { break-inside: avoid; } details { display: none; } .wide { overflow: visible; } .charts { grid-template-columns: 1fr 1fr; } svg { max-width: 8cm; } .charts > div { break-inside: avoid; } th, td { padding: .15em .35em; font-size: 7.5pt; } }
"

/// A whole page.
let page (title: string) (parts: string list) =
    String.concat "\n" [
        "<!DOCTYPE html>"
        "<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        $"<title>{text title}</title><style>{style}</style></head><body>"
        $"<h1>{text title}</h1>"
        yield! parts
        "</body></html>"
        ""
    ]

/// A table; the rows' first words can ask for emphasis.
let table (headers: string list) (rows: (bool * string list) list) =
    let cells tag (values: string list) =
        values
        |> List.map (fun value -> $"<{tag}>{text value}</{tag}>")
        |> String.concat ""

    String.concat "\n" [
        "<div class=\"wide\"><table>"
        "<thead><tr>" + cells "th" headers + "</tr></thead><tbody>"
        for emphasised, row in rows do
            let css = if emphasised then " class=\"best\"" else ""
            $"<tr{css}>" + cells "td" row + "</tr>"
        "</tbody></table></div>"
    ]

let private inside (alternative: string) (png: byte array) =
    $"<img alt=\"{text alternative}\" src=\"data:image/png;base64,{Convert.ToBase64String png}\">"

/// A PNG inside the page.
let picture (alternative: string) (path: string) =
    $"<figure class=\"wide\">{inside alternative (File.ReadAllBytes path)}</figure>"

/// PNGs inside the page, as many in a row as the screen has room for.
let pictures (labelled: (string * byte array) list) =
    String.concat "\n" [
        "<div class=\"panels\">"
        for label, png in labelled do
            inside label png
        "</div>"
    ]
