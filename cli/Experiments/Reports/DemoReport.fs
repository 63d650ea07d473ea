/// The page that a demo ends with: one file, its pictures inside.
module Iqt.Experiments.Reports.DemoReport

open Iqt.Diffusion
open Iqt.Experiments.Methods

/// What the page tells.
type Contents = {
    /// What was done.
    Made: string
    /// What the figures mean.
    Verdict: string
    /// Errors on the unseen subjects.
    Methods: MethodErrors list
    /// MD of an unseen subject: a label and a PNG each.
    Pictures: (string * byte array) list
    /// Theirs.
    Scale: GreyScale
    /// What to do next: commands, and what for.
    Next: (string * string list) list
}

let private table (methods: MethodErrors list) =
    let best = methods |> List.minBy (fun method -> (method.Over _.Total).Mean)

    Page.table ("method" :: [ for figure in Figures.all -> figure.Heading ]) [
        for method in methods ->
            method.Method = best.Method,
            method.Method
            :: [ for figure in Figures.all -> (method.Over figure.Of).Format figure.Digits ]
    ]

/// Writes the page.
let write (path: string) (contents: Contents) =
    let over =
        match contents.Methods.Head.Errors with
        | [ one ] -> $"brain voxels of {one.Subject}, which no network saw"
        | several -> $"brain voxels; mean ± standard deviation over the {several.Length} subjects that no network saw"

    let page =
        Page.page "Super-resolved diffusion tensors of simulated brains" [
            $"<p>{Page.text contents.Made}</p>"
            table contents.Methods
            $"<p class=\"note\">{Page.text Figures.legend}; {Page.text over}. Bold: the least total. Interior: the network's input patch lies wholly in the brain (–: no such voxel, the brain is too small). Exterior: it reaches beyond; low-resolution voxels at the edge are kept only where their whole block is brain, so that interpolation has little to go by there. Covered: without that edge.</p>"
            $"<p>{Page.text contents.Verdict}</p>"
            "<h2>Mean diffusivity of an unseen subject</h2>"
            Page.pictures contents.Pictures
            $"<p class=\"note\">One axial slice on one grey scale: black is {contents.Scale.Black}, white {contents.Scale.White} {Page.text contents.Scale.Unit}.</p>"
            "<h2>What next</h2>"
            "<p class=\"note\"><code>iqt</code> is installed as docs/getting-started.md says; without it, <code>dotnet run -c Release --project cli/Iqt --</code> stands for <code>iqt</code>, in the folder of its source.</p>"
            "<dl>"
            for purpose, commands in contents.Next do
                $"<dt>{Page.text purpose}</dt>"

                for command in commands do
                    $"<dd><code>{Page.text command}</code></dd>"
            "</dl>"
        ]

    AtomicFile.WriteText(path, page)
