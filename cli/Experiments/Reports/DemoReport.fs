/// A page that shows an experiment: one file, its pictures inside.
module Iqt.Experiments.Report

open System
open System.IO
open System.Net
open Iqt.Diffusion

let private style =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
    + "table{border-collapse:collapse}td,th{padding:.3em 1em;text-align:right;border-bottom:1px solid #ccc}"
    + "td:first-child,th:first-child{text-align:left}img{max-width:100%}"

let private row (method: MethodErrors) =
    let interior = method.Over(_.Interior).Text
    let exterior = method.Over(_.Exterior).Text
    let total = method.Over(_.Total).Text

    $"<tr><td>{WebUtility.HtmlEncode method.Method}</td><td>{interior}</td><td>{exterior}</td><td>{total}</td></tr>"

/// Writes the page; the description says what was done, a paragraph each.
let write (path: string) (description: string list) (methods: MethodErrors list) (picture: string) =
    let image = Convert.ToBase64String(File.ReadAllBytes picture)
    let rows = methods |> List.map row |> String.concat "\n"

    let paragraphs =
        description |> List.map (fun text -> $"<p>{WebUtility.HtmlEncode text}</p>")

    let page =
        String.concat "\n" [
            "<!DOCTYPE html>"
            "<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Iqt demo</title>"
            $"<style>{style}</style></head><body>"
            "<h1>Super-resolved diffusion tensors of simulated brains</h1>"
            yield! paragraphs
            $"<p>Root mean squared error of the six tensor elements in 10<sup>-5</sup> mm²/s, mean ± standard deviation over the subjects that no network saw ({methods.Head.Errors.Length}). Interior: the network's input patch lies wholly in the brain. Exterior: it reaches beyond; low-resolution voxels at the edge are kept only where their whole block is brain, so that interpolation has little to go by there.</p>"
            "<table><tr><th>method</th><th>interior</th><th>exterior</th><th>total</th></tr>"
            rows
            "</table><h2>Mean diffusivity of an unseen subject</h2>"
            $"<img alt=\"Mean diffusivity: low resolution, truth, and each network\" src=\"data:image/png;base64,{image}\">"
            "</body></html>"
            ""
        ]

    AtomicFile.WriteText(path, page)
