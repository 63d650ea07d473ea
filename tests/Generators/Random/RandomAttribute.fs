/// How a random layer is written: an attribute's arguments, and the tensor that it is given.
module Iqt.Tests.Generators.RandomAttribute

open System
open System.Globalization
open FsCheck.FSharp

/// What flows from layer to layer: spatial dimensions, channels, the length of an edge.
type Shape = {
    Dimensions: int
    Channels: int
    Edge: int
}

/// How a number is written: as it stands, or by a hyperparameter's name.
type Number = int -> FsCheck.Gen<string>

let real (value: float) =
    value.ToString("R", CultureInfo.InvariantCulture)

let literal: Number = fun n -> Gen.constant (string n)

let divisors n = [
    for d in 1..n do
        if n % d = 0 then
            d
]

/// True in so many of a hundred cases.
let chance percent =
    Gen.choose (0, 99) |> Gen.map (fun n -> n < percent)

/// Named arguments, each left out by chance where it has its default.
let settings (arguments: (string * FsCheck.Gen<string> * bool) list) =
    gen {
        let mutable texts = []

        for name, value, isDefault in arguments do
            let! leave = chance 80

            if not (isDefault && leave) then
                let! value = value
                texts <- $"{name} = {value}" :: texts

        return List.rev texts
    }

/// An attribute with its arguments.
let call name arguments =
    match arguments with
    | [] -> name
    | _ ->
        let arguments = String.concat ", " arguments
        $"{name}({arguments})"
