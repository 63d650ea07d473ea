/// Random stacks and their residual functions, for a network that grows segment by segment.
module Iqt.Tests.Generators.RandomStack

open FsCheck.FSharp
open Iqt.Tests.Generators.DeclarationText
open Iqt.Tests.Generators.RandomAttribute
open Iqt.Tests.Generators.RandomConvolution
open Iqt.Tests.Generators.RandomLayers

/// What a network consists of so far.
type State = {
    Members: Member list // the last first
    Hyperparameters: (string * int) list
    Functions: (Class * int * int) list // with the channels and the edge they were made for
    Activations: Activation list // the last first
    Read: Set<string>
    Names: string list
}

let chance percent =
    Gen.choose (0, 99) |> Gen.map (fun n -> n < percent)

let memberNames = [
    "Stem"
    "Encoder"
    "Down1"
    "Down2"
    "Bottom"
    "Größe"
    "@class"
    "lower"
    "_under"
    "Switch"
    "Neck"
    "Weg2"
    "Ω"
    "Late"
    "Head"
    "Side"
    "Extra"
    "Path"
    "Tail"
    "Last"
]

let plain (name: string) = name.TrimStart '@'

/// A residual function for tensors of a shape.
let private residualFunction name (shape: Shape) =
    gen {
        let! count = Gen.choose (0, 3)
        let! inner, after = chain functionLayer count shape
        let! last = convolution literal true None { after with Edge = shape.Edge }

        // The last convolution names no channels: it has those of the stack, whatever came before.
        let divides =
            match last with
            | Some(text, _) when after.Channels = shape.Channels || not (text.Contains "Groups") -> text
            | _ -> $"Conv{shape.Dimensions}d(Kernel = 3, Padding = 1)"

        let all = inner @ [ divides ]
        let! cut = Gen.choose (0, all.Length)

        let groups = [
            if cut > 0 && cut < all.Length then
                layers "Reduce" (List.truncate cut all)
                layers "Spatial" (List.skip cut all)
            else
                layers "Only" all
        ]

        return classOf "ResidualFunction" name groups
    }

let private functionFor (shape: Shape) (state: State) =
    gen {
        let fitting = [
            for c, channels, edge in state.Functions do
                if channels = shape.Channels && edge = shape.Edge then
                    c.Name
        ]

        let! choice = Gen.choose (0, 9)

        match choice with
        | 0 -> return "Scaled", state
        | 1
        | 2
        | 3 when not fitting.IsEmpty ->
            let! name = Gen.elements fitting
            return name, state
        | _ ->
            let name = $"F{state.Functions.Length}"
            let! made = residualFunction name shape

            return
                name,
                {
                    state with
                        Functions = (made, shape.Channels, shape.Edge) :: state.Functions
                }
    }

/// The numbers of a segment, some of them by hyperparameters; those that it declared are added to the state.
let numbers (state: State) =
    let mutable declared = state.Hyperparameters

    let number: Number =
        fun n ->
            gen {
                let! named = chance 20
                let! fresh = chance 50

                match declared |> List.filter (fun (_, value) -> value = n) with
                | (name, _) :: _ when named && not fresh -> return $"nameof({name})"
                | _ when named && declared.Length < 6 ->
                    let name = $"Setting{declared.Length}"
                    declared <- (name, n) :: declared
                    return $"nameof({name})"
                | _ -> return string n
            }

    number, (fun () -> declared)

let stack (dimensions: int) (input: Activation) (state: State) =
    gen {
        let half = {
            Dimensions = dimensions
            Channels = input.Channels / 2
            Edge = input.Edge
        }

        let! f, state = functionFor half state
        let! same = chance 60

        let! g, state =
            if same then
                Gen.constant (f, state)
            else
                functionFor half state

        let number, declared = numbers state
        let! count = Gen.choose (0, 2)
        let! blocks = number count
        let! coupling = Gen.elements [ ""; ""; ", Coupling = Coupling.Additive"; ", Coupling = Coupling.Affine" ]

        let! permutation =
            Gen.elements [
                ""
                ""
                ", Permutation = ChannelOrder.Reversed"
                ", Permutation = ChannelOrder.Interleaved"
            ]

        let types = if f = g then f else $"{f}, {g}"

        return
            $"Stack<{types}>({blocks}{coupling}{permutation})",
            {
                state with
                    Hyperparameters = declared ()
            }
    }
