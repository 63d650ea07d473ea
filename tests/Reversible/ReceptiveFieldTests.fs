/// How far networks look: by their own words, and by the gradient of an output voxel.
module Iqt.Tests.Reversible.ReceptiveFieldTests

open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Tests.Networks

// Input planes that the outputs in the middle plane depend on: how far the farthest is from it.
let private influence (network: Network) (radius: int) =
    network.eval ()
    let edge = network.InputSize(int64 (2 * radius + 5))
    let middle, rate = edge / 2L, int64 network.UpsamplingRate

    use input =
        torch.randn ([| 1L; int64 network.InputChannels; edge; edge; edge |], dtype = torch.float64)

    input.requires_grad <- true
    use output = network.call input

    use planes =
        output.narrow (2, middle * rate - int64 network.Relation.Loss / 2L, rate)

    use sum = planes.sum ()
    sum.backward ()
    use magnitude = (nonNull input.grad).abs().sum [| 0L; 1L; 3L; 4L |]
    let planes = magnitude.data<float>().ToArray()

    Seq.indexed planes
    |> Seq.filter (fun (_, value) -> value > 0.0)
    |> Seq.map (fun (z, _) -> abs (z - int middle))
    |> Seq.max

[<Tests>]
let tests =
    testList "reversible/receptive field" [
        for name, radius, build in
            [
                "espcn", 2, (fun () -> new Espcn(dtype = torch.float64) :> Network)
                "espcn-rn", 8, (fun () -> new EspcnRn(1, dtype = torch.float64))
                // An interpolation, and six convolutions at twice the resolution.
                "srdti", 4, (fun () -> new Srdti(1, 8, dtype = torch.float64))
                // Two even kernels, three padded ones and a pooling, an interpolation, a dilated one at twice the resolution.
                "near-sighted", 7, (fun () -> new NearSighted(dtype = torch.float64))
            ] do
            test $"{name}: the gradient of an output voxel ends where the radius does" {
                use network = build ()
                torch.manual_seed 3L |> ignore
                let field = ReceptiveField network
                Expect.equal (Option.ofNullable field.Radius) (Some radius) "radius"
                Expect.isNull field.Unbounded "bounded"
                let reached = influence network radius
                Expect.isLessThanOrEqual reached radius "no input beyond it has an influence"
                // What interpolation reads may lie less than a voxel away, and the bound is whole.
                Expect.isGreaterThanOrEqual reached (radius - 1) "and it is no larger than need be"
            }

        for name, segment, build in
            [
                "a pooling to a coarser level", "Down", (fun () -> new PooledEdges() :> Network)
                "a strided convolution", "Down", (fun () -> new EvenEdges())
                "normalisations of the image", "Reflected", (fun () -> new Parade())
                "normalisation in a stack", "Stack", (fun () -> new GroupsFirst())
                "modules of a user's own in a stack", "Stack", (fun () -> new ModuleNetwork())
                "a module of a user's own as a layer", "First", (fun () -> new TypelessNetwork())
                "a squeeze", "Down1", (fun () -> new IRevNet())
            ] do
            test $"{name}: no radius, and the segment to blame" {
                use network = build ()
                let field = ReceptiveField network
                Expect.isNone (Option.ofNullable field.Radius) "radius"
                Expect.equal field.Unbounded segment "segment"
            }
    ]
