/// The demo's page: errors and a picture, in one file.
module Iqt.Experiments.Reports.DemoReport

open Iqt.Diffusion
open Iqt.Experiments

let private row (method: MethodErrors) =
    false,
    method.Method
    :: [ for figure in Figures.regions -> (method.Over figure.Of).Text ]

/// Writes the page; the description says what was done, a paragraph each.
let write (path: string) (description: string list) (methods: MethodErrors list) (picture: string) =
    let page =
        Page.page "Super-resolved diffusion tensors of simulated brains" [
            for text in description do
                $"<p>{Page.text text}</p>"
            $"<p>Root mean squared error of the six tensor elements in 10<sup>−5</sup> mm²/s, mean ± standard deviation over the subjects that no network saw ({methods.Head.Errors.Length}). Interior: the network's input patch lies wholly in the brain. Exterior: it reaches beyond; low-resolution voxels at the edge are kept only where their whole block is brain, so that interpolation has little to go by there.</p>"
            Page.table ("method" :: [ for figure in Figures.regions -> figure.Heading ]) (List.map row methods)
            "<h2>Mean diffusivity of an unseen subject</h2>"
            Page.picture "Mean diffusivity: low resolution, truth, and each network" picture
        ]

    AtomicFile.WriteText(path, page)
